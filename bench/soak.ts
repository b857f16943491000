/**
 * `npm run soak`: every default strategy under every fault, with as many seeds as asked; prints the table of
 * docs/faults.md.
 *
 * Each cell is one `glomers test` of the built program, with its official flags and what the column adds to them.
 */
import { Console, Effect, Schema, Stream } from "effect"
import { Command, Flag } from "effect/cli"
import { ChildProcess } from "effect/process"
import { official } from "../src/challenges/Official.ts"
import { challenges } from "../src/challenges/registry.ts"

/**
 * What each column adds to the official flags. Where a fault leaves requests without an answer, they need none. Clients
 * wait five seconds for a node that has crashed, so that it takes more of them for some to find it up.
 */
const columns: { readonly [name: string]: ReadonlyArray<string> } = {
  official: [],
  partition: ["--nemesis", "partition"],
  "one way": ["--nemesis", "partition-one-way"],
  loss: ["--loss", "0.3"],
  "dup, reorder": ["--duplicate", "0.3", "--reorder", "0.3"],
  pause: ["--nemesis", "pause"],
  crash: ["--nemesis", "crash", "--concurrency", "10n"],
  "crash of all": ["--nemesis", "crash", "--nemesis-targets", "all", "--concurrency", "10n"],
  clock: ["--nemesis", "clock"],
  "stale store": ["--kv", "stale"],
  disk: ["--nemesis", "disk"],
  together: (
    "--nemesis partition,partition-one-way,pause,crash,clock,disk --kv stale " +
    "--loss 0.1 --duplicate 0.3 --reorder 0.3 --concurrency 10n"
  ).split(" "),
  "1 s hops": ["--latency", "1000", "--latency-dist", "exponential"],
  "1 node": ["--node-count", "1"],
  "2 nodes": ["--node-count", "2"],
  "5 nodes": ["--node-count", "5"],
  "25 nodes": ["--node-count", "25"]
}

/** Faults that take away what a node has in memory alone, or what its disk did not take. */
const forgetful: ReadonlySet<string> = new Set(["crash", "crash of all", "disk", "together"])

/** The rows beside those of the table: what is lost where less is promised, or a node stays away. */
const rows = [
  { name: "", columns: Object.keys(columns), durability: "synced" },
  { name: "memory", columns: ["crash", "crash of all"], durability: "memory" },
  { name: "replicated", columns: ["gone for good"], durability: "replicated" }
]

/** The part of a report that counts here. */
const Report = Schema.fromJsonString(
  Schema.Struct({ valid: Schema.NullOr(Schema.Union([Schema.Boolean, Schema.String])) })
)

/** Whether a challenge can be run so: one of a single node has no other that stays, and is not the same with more. */
const isPossible = (challenge: string, column: string) =>
  official[challenge as keyof typeof official].flags.nodeCount > 1 ||
  !(column === "gone for good" || column.endsWith("nodes"))

/** How many of a test's runs are valid, of how many. */
const cell = Effect.fn("soak.cell")(function* (challenge: string, column: string, durability: string, seeds: number) {
  const added = column === "gone for good" ? ["--nemesis", "crash-for-good", "--node-count", "3"] : columns[column]!
  const isOfficial = column === "official"
  const flags = ["test", challenge, "--seeds", `1..${seeds}`, "--strict", "--json"].concat(
    isOfficial ? [] : ["--availability", "0", "--nemesis-interval", "3"],
    added,
    forgetful.has(column) || durability !== "synced" ? ["--durability", durability] : []
  )
  const { stdout } = yield* ChildProcess.make("node", ["dist/glomers.mjs", ...flags], { stderr: "inherit" })
  const reports = yield* stdout.pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.mapEffect((line) => Schema.decodeUnknownEffect(Report)(line)),
    Stream.runCollect
  )
  if (reports.length < seeds) {
    return yield* Effect.die(new Error(`${flags.join(" ")}: ${reports.length} runs, expected ${seeds}`))
  }
  return `${reports.filter(({ valid }) => valid === true).length}/${seeds}`
}, Effect.scoped)

export const soak = Command.make(
  "soak",
  {
    seeds: Flag.Int("seeds").pipe(Flag.withDescription("How many seeds a cell has"), Flag.withDefault(2)),
    only: Flag.String("only").pipe(
      Flag.withDescription("The challenges, separated by commas; all that keep something if left out"),
      Flag.withDefault("2,3a,3b,3c,3d,3e,4,5a,5b,5c,6a,6b,6c")
    )
  },
  Effect.fn("soak")(function* ({ only, seeds }) {
    const chosen = only.split(",")
    const header = ["", ...Object.keys(columns), "gone for good"]
    yield* Console.log(`${header.join(" | ")}\n${header.map(() => "---").join(" | ")}`)
    for (const { id } of challenges.filter((challenge) => chosen.includes(challenge.id))) {
      for (const row of rows) {
        const cells = yield* Effect.forEach(header.slice(1), (column) =>
          row.columns.includes(column) && isPossible(id, column)
            ? cell(id, column, row.durability, seeds)
            : Effect.succeed("")
        )
        yield* Console.log([`${id} ${row.name}`.trim(), ...cells].join(" | "))
      }
    }
  })
).pipe(Command.withDescription("Test every default strategy under every fault"))
