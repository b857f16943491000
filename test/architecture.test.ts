import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import type { AnyWorkload } from "../src/workbench/workloads/Workload.ts"
import { workloadNames, workloads } from "../src/workbench/workloads/Workloads.ts"

const root = join(import.meta.dirname, "..")

const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file, text: readFileSync(join(root, "src", file), "utf8") }))

/** What each layer imports besides itself; `types` are erased, so that nothing of them is loaded. */
const layers: { readonly [layer: string]: { readonly values: ReadonlyArray<string>; readonly types?: string } } = {
  protocol: { values: [] },
  services: { values: ["protocol"] },
  replication: { values: ["protocol", "services"] },
  workbench: { values: ["protocol", "services"] },
  challenges: { values: ["protocol", "services", "replication"], types: "workbench" },
  cli: { values: ["protocol", "services", "workbench", "challenges"] }
}

const layerOf = (file: string): string => file.split("/")[0]!

const imports = files.flatMap(({ file, text }) =>
  Array.from(text.matchAll(/(?:(import|export)(\s+type)?[^"']*?from\s*|import\()"(\.[^"]+)"/g), ([, , type, path]) => ({
    file,
    target: relative(".", join(dirname(file), path!)),
    isType: type !== undefined
  }))
)

/** The workloads whose names a text quotes. */
const named = ({ text }: { readonly text: string }) =>
  workloadNames.filter((name) => text.includes(`"${name}"`) || text.includes(`'${name}'`))

describe("the sources", () => {
  it("are in a layer each", () => {
    assert.sameMembers([...new Set(files.map(({ file }) => layerOf(file)))], Object.keys(layers))
    assert.isAbove(imports.length, 500)
  })

  it("import downwards only", () => {
    const upward = imports.filter(({ file, isType, target }) => {
      const [from, to] = [layerOf(file), layerOf(target)]
      const { types, values } = layers[from]!
      return from !== to && !target.startsWith("..") && !values.includes(to) && !(isType && types === to)
    })
    assert.deepStrictEqual(upward, [])
  })

  it("of the command line have folders that import each other in no cycle", () => {
    const edges = imports.flatMap(({ file, target }) => {
      const [from, to] = [file, target].map((path) => /^cli\/(\w+)\//.exec(path)?.[1])
      return from === undefined || to === undefined || from === to ? [] : [{ from, to }]
    })
    // What imports nothing that is left is in no cycle.
    let left = edges
    for (let before = -1; before !== left.length;) {
      before = left.length
      const importing = new Set(left.map(({ from }) => from))
      left = left.filter(({ to }) => importing.has(to))
    }
    assert.isAbove(edges.length, 50)
    assert.deepStrictEqual(left, [])
  })

  it("can each be read in one sitting", () => {
    const long = files.filter(({ text }) => text.split("\n").length > 300).map(({ file }) => file)
    assert.deepStrictEqual(long, [])
  })

  it("have comments of at most 120 columns, as the formatter has for code", () => {
    const wide = files.flatMap(({ file, text }) =>
      text
        .split("\n")
        .flatMap((line, index) =>
          line.length > 120 && /^\s*(\*|\/\*|\/\/)/.test(line) ? [`${file}:${index + 1}`] : []
        )
    )
    assert.deepStrictEqual(wide, [])
  })

  it("name a workload in its folder, in the map of workloads, and where a challenge is set", () => {
    const allowed = /^(workbench\/workloads\/(\w[\w-]*\/|Workloads\.ts)|challenges\/|protocol\/)/
    const others = files.filter(({ file }) => !allowed.test(file))
    // A name without a hyphen may also be that of a call or an operation, but two of them are a list of workloads.
    const naming = others.filter((file) => named(file).some((name) => name.includes("-")) || named(file).length > 1)
    assert.deepStrictEqual(
      naming.map(({ file }) => file),
      []
    )
  })

  it("know no more of a workload than it says itself", () => {
    const others = /^(?!workbench\/workloads\/)(workbench|cli)\//
    const inFolder = imports.filter(
      ({ file, target }) => others.test(file) && /^workbench\/workloads\/[\w-]+\//.test(target)
    )
    assert.deepStrictEqual(inFolder, [])

    // What its operations and calls are named, save the words that stores, the journal and the nemesis have too.
    const shared = new Set(["read", "send", "crash"])
    const words = Object.values(workloads)
      .flatMap(({ functions, neverSucceeds = [], rpcs }: AnyWorkload) =>
        functions.concat(
          neverSucceeds,
          rpcs.calls.map(({ type }) => type)
        )
      )
      .filter((word) => !shared.has(word))
    const quoting = files.flatMap(({ file, text }) =>
      others.test(file) ? words.filter((word) => text.includes(`"${word}"`)).map((word) => `${file}: ${word}`) : []
    )
    // That is Maelstrom's flag.
    assert.deepStrictEqual(quoting, ["cli/flags/TestFlags.ts: topology"])
  })

  it("give Maelstrom's keys in one place, and read results by no path", () => {
    // Where the keys are made; where Maelstrom's own file is read; and Elle, whose cases are in its own form.
    const allowed = /^(workbench\/json\/JepsenKeys\.ts|workbench\/elle\/|cli\/maelstrom\/MaelstromResults\.ts)/
    const keys =
      /["'](?:valid\?|(?:ok|send|stable|lost)-count|ok-fraction|stable-latencies|msgs-per-op|by-f|latency-graph|anomaly-types)["']/
    const elsewhere = files.filter(({ file, text }) => !allowed.test(file) && keys.test(text))
    assert.deepStrictEqual(
      elsewhere.map(({ file }) => file),
      []
    )
  })
})
