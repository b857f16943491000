import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Semaphore } from "effect"
import * as Markdown from "./Markdown.ts"
import { isPrinted } from "./Output.ts"
import { type Ending, root, Workplace } from "./Workplace.ts"

const read = (name: string) => readFileSync(join(root, name), "utf8")

const pages = new Map(
  ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)]
    .filter((name) => name.endsWith(".md"))
    .map((name) => [name, read(name)] as const)
)

/** All that is written for readers: the pages, and what stands beside the README for those who work on it. */
const documents = new Map([
  ...pages,
  ...readdirSync(root)
    .filter((name) => name.endsWith(".md"))
    .map((name) => [name, read(name)] as const)
])

/**
 * What is not run: npm's scripts, among which is this test; and Nix, which `test/nix/run.sh` runs with a stand-in for
 * what it would fetch.
 */
const isLeftOut = (line: string) => /^(npm|nix) /.test(line)

/**
 * Tests without faults of their own, of which a page says nothing but that they are valid, are run for five seconds of
 * their time, so that all of this takes a minute. Comparisons, whose figures are shown, and what fails are run as they
 * stand.
 */
const shortened = ({ comment, line }: Markdown.Command) =>
  line.startsWith("npx glomers test ") && !/--time-limit|--nemesis/.test(line) && comment === ""
    ? line.replace("test", "test --time-limit 5")
    : line

/** Programs that pages speak of and leave to their readers. */
const assumed = new Map([["my-node", "#!/bin/sh\nexec node dist/glomers.mjs node 5b\n"]])

/** The exit code that a page announces. */
const exitCode = ({ comment }: Markdown.Command) =>
  comment.startsWith("invalid") ? 1 : comment.startsWith("cannot go on") ? 2 : 0

const isRealTime = (line: string) => line.includes("--bin ")

layer(Workplace.layer, { excludeTestServices: true })("the documentation's", (it) => {
  // Two at once, and besides those that mostly wait.
  const cores = Semaphore.makeUnsafe(2)
  /** Comparisons leave nothing behind that is needed, so that one that several pages name is run once. */
  const comparisons = new Map<string, Effect.Effect<Ending>>()
  const once = Effect.fnUntraced(function* (line: string, effect: Effect.Effect<Ending>) {
    if (!line.startsWith("npx glomers compare ")) {
      return yield* effect
    }
    const ending = comparisons.get(line) ?? (yield* Effect.cached(effect))
    comparisons.set(line, ending)
    return yield* ending
  })

  for (const [name, page] of pages) {
    it.effect(
      `commands in ${name} end as it says, and print what it shows`,
      () =>
        Effect.gen(function* () {
          const { folder, run } = yield* Workplace
          const cwd = yield* folder(new Map([...Markdown.programs(page), ...assumed]))
          const problems: Array<string> = []
          let printed = ""
          for (const command of distinct(Markdown.commands(page))) {
            const { line } = command
            if (isLeftOut(line)) {
              continue
            }
            const ending = Effect.gen(function* () {
              return yield* run(cwd, shortened(command))
            })
            const { code, stderr, stdout } = yield* once(line, isRealTime(line) ? ending : cores.withPermit(ending))
            printed += stdout + stderr
            if (code !== exitCode(command)) {
              problems.push(`${line}: exit code ${code}\n${stdout}${stderr}`)
            }
          }
          problems.push(
            ...Markdown.shown(page)
              .filter((line) => !isPrinted(line, printed))
              .map((line) => `${name} shows what nothing prints: ${line}`)
          )
          assert.deepStrictEqual(problems, [])
        }).pipe(Effect.scoped),
      { concurrent: true, timeout: 300_000 }
    )
  }

  it.effect("programs pass the type checker, and take less than 30 lines", () =>
    Effect.gen(function* () {
      const { folder, run } = yield* Workplace
      const programs = Markdown.programs([...pages.values()].join("\n"))
      const settings = JSON.stringify({ extends: join(root, "tsconfig.json"), include: ["*.ts"] })
      const cwd = yield* folder(new Map([...programs, ["tsconfig.json", settings]]))
      assert.sameMembers([...programs.keys()], ["ring.ts", "ids.mjs"])
      for (const code of programs.values()) {
        assert.isBelow(code.split("\n").length - 1, 30)
      }
      assert.deepStrictEqual(yield* run(cwd, "tsc -p ."), { code: 0, stdout: "", stderr: "" })
    }).pipe(Effect.scoped)
  )
})

describe("the documentation's links", () => {
  it.each([...documents])("in %s lead somewhere", (name, page) => {
    const broken = Markdown.links(page).filter(({ anchor, file }) => {
      const target = file === "" ? name : join(dirname(name), file)
      return (
        !existsSync(join(root, target)) || (anchor !== undefined && !Markdown.anchors(read(target)).includes(anchor))
      )
    })
    assert.deepStrictEqual(broken, [])
  })

  it("lead from the README to every page", () => {
    const linked = Markdown.links(read("README.md")).map(({ file }) => file)
    assert.includeMembers(
      linked,
      [...pages.keys()].filter((name) => name !== "README.md")
    )
  })
})

/** Each line once; what its page says about it anywhere holds. */
const distinct = (commands: ReadonlyArray<Markdown.Command>): ReadonlyArray<Markdown.Command> =>
  Array.from(
    Map.groupBy(commands, ({ line }) => line),
    ([line, same]) => ({ line, comment: same.find(({ comment }) => comment !== "")?.comment ?? "" })
  )
