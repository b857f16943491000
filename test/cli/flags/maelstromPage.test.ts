import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { ignoredFlags } from "../../../src/cli/flags/IgnoredFlags.ts"
import { otherWorkloads } from "../../../src/cli/check/JepsenLog.ts"
import { parameters } from "../../../src/cli/test/parameters.ts"
import { names as services } from "../../../src/workbench/services/Services.ts"
import { workloadNames } from "../../../src/workbench/workloads/Workloads.ts"
import { flagNames } from "./flagNames.ts"

const page = readFileSync(`${import.meta.dirname}/../../../docs/maelstrom.md`, "utf8")

/** The rows of the table under a heading: the names in the first column, and the second column. */
const table = (heading: string): ReadonlyArray<readonly [names: ReadonlyArray<string>, status: string]> => {
  const [, section = ""] = page.split(`\n## ${heading}\n`)
  return section
    .split("\n## ")[0]!
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => {
      const [, first = "", second = ""] = line.split("|")
      return [Array.from(first.matchAll(/`([^`]+)`/g), ([, name]) => name!), second.trim()]
    })
}

const namesOf = (rows: ReturnType<typeof table>, ...statuses: ReadonlyArray<string>) =>
  rows.filter(([, status]) => statuses.includes(status)).flatMap(([names]) => names)

/** The flags of `test` in maelstrom/core.clj and jepsen/cli.clj, of Maelstrom 0.2.4 and of its main branch alike. */
const maelstroms = [
  "--workload -w --bin --availability --consistency-models --key-count --latency --latency-dist --log-net-send",
  "--log-net-recv --log-stderr --max-txn-length --max-writes-per-key --node-count --nemesis --nemesis-interval --rate",
  "--topology --node -n --nodes --nodes-file --username --password --strict-host-key-checking --no-ssh",
  "--ssh-private-key --concurrency --leave-db-running --logging-json --test-count --time-limit --help -h"
].flatMap((line) => line.split(" "))

describe("the page about Maelstrom", () => {
  const flags = table("Flags")
  const besides = table("Flags besides").flatMap(([names]) => names)
  const ours = flagNames(parameters)
  // effect/cli's own.
  const ofEveryCommand = ["--help", "-h"]

  it("says of every flag of Maelstrom what it is here", () => {
    assert.sameMembers(
      flags.flatMap(([names]) => names),
      maelstroms
    )
    assert.sameMembers(
      [...namesOf(flags, "same", "other"), ...namesOf(flags, "no effect"), ...namesOf(flags, "not yet")],
      maelstroms
    )
  })

  it("says rightly which flags there are, and which have no effect", () => {
    assert.sameMembers(namesOf(flags, "no effect"), [...flagNames(ignoredFlags)])
    assert.sameMembers([...namesOf(flags, "same", "other", "no effect"), ...besides], [...ours, ...ofEveryCommand])
    assert.deepStrictEqual(
      namesOf(flags, "not yet").filter((flag) => ours.includes(flag)),
      []
    )
  })

  it("says rightly which workloads and services there are", () => {
    const workloads = table("Workloads")
    assert.sameMembers(namesOf(workloads, "same", "other"), [...workloadNames])
    assert.sameMembers(namesOf(workloads, "not yet"), [...otherWorkloads])
    assert.sameMembers(namesOf(table("Services"), "same", "other"), [...services])
  })
})
