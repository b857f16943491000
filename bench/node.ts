/**
 * `npm run bench -- node`: how much a node answers, how soon, and with how much memory.
 *
 * For comparison, where they are given: `MAELSTROM_JS_ECHO`, the path of Maelstrom's `demo/js/echo.js`, and
 * `MAELSTROM_GO_ECHO`, the path of an echo node that is built on Maelstrom's Go library.
 */
import { cpus, loadavg } from "node:os"
import { Array, Console, Duration, Effect } from "effect"
import { Command, Flag } from "effect/cli"
import * as Table from "../src/cli/report/Table.ts"
import { startAndEnd, type StartAndEnd } from "./node/startAndEnd.ts"
import { absentSubjects, subjects, transactional } from "./node/subjects.ts"
import { echo, throughput, transaction, withRequests } from "./node/throughput.ts"
import { summary } from "./Summary.ts"

export const node = Command.make(
  "node",
  {
    requests: Flag.Int("requests").pipe(Flag.withDefault(200_000)),
    runs: Flag.Int("runs").pipe(Flag.withDescription("Of the throughput"), Flag.withDefault(5)),
    starts: Flag.Int("starts").pipe(Flag.withDescription("Of the start-up"), Flag.withDefault(15))
  },
  Effect.fn("bench.node")(function* ({ requests, runs, starts }) {
    const contestants = yield* subjects
    const absent = (yield* absentSubjects).map((name) => [name, "not present"])
    yield* Console.log(
      `${cpus()[0]?.model ?? "unknown CPU"}, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`
    )

    const times = yield* withRequests(echo, requests, (file) =>
      takeTurns(runs, contestants, (subject) => throughput(subject, file, requests))
    )
    const first = summary(times[0]!.map(Duration.toSeconds)).median
    yield* Console.log(`${requests} echo requests: whole process, file in, pipe out, ${runs} runs\n`)
    yield* Console.log(
      Table.render(
        ["", "s: min/median/max", "requests/s", "times the first"],
        times.map((times, i) => [contestants[i]!.name].concat(describeTimes(times, requests, first))).concat(absent)
      )
    )

    const [transactions] = yield* withRequests(transaction, requests, (file) =>
      takeTurns(runs, [transactional], (subject) => throughput(subject, file, requests))
    )
    const { median } = summary(transactions!.map(Duration.toSeconds))
    yield* Console.log(`\n${requests} transactions of a read and a write, in the same way\n`)
    yield* Console.log(
      Table.render(
        ["", "s: min/median/max", "transactions/s"],
        [[transactional.name, ...describeTimes(transactions!, requests, median).slice(0, 2)]]
      )
    )

    const measured = yield* takeTurns(starts, contestants, startAndEnd)
    yield* Console.log(`\nFrom start to init_ok, and from end of stdin or SIGTERM to exit, ${starts} starts\n`)
    yield* Console.log(
      Table.render(
        ["", "init_ok ms: min/median/max", "at rest MB", "end of stdin ms", "SIGTERM ms"],
        measured.map((measured, i) => [contestants[i]!.name].concat(describeStarts(measured))).concat(absent)
      )
    )
  })
).pipe(Command.withDescription("Throughput, start-up and memory of `glomers node 1`, throughput of `glomers node 6a`"))

/** All subjects once, then all again, so that a busy moment of the machine hits all alike. A result list for each. */
const takeTurns = <Subject, A, E, R>(
  rounds: number,
  subjects: ReadonlyArray<Subject>,
  measure: (subject: Subject) => Effect.Effect<A, E, R>
) =>
  Effect.map(
    Effect.forEach(Array.range(1, rounds), () => Effect.forEach(subjects, measure)),
    (rounds) => subjects.map((_, i) => rounds.map((results) => results[i]!))
  )

const describeTimes = (times: ReadonlyArray<Duration.Duration>, requests: number, first: number) => {
  const { max, median, min } = summary(times.map(Duration.toSeconds))
  return [
    [min, median, max].map((time) => time.toFixed(2)).join("/"),
    (requests / median).toFixed(0),
    (median / first).toFixed(2)
  ]
}

const describeStarts = (measured: ReadonlyArray<StartAndEnd>): ReadonlyArray<string> => {
  const millis = (of: (times: StartAndEnd) => Duration.Duration) => {
    const { max, median, min } = summary(measured.map((times) => Duration.toMillis(of(times))))
    return [min, median, max].map((time) => time.toFixed(0)).join("/")
  }
  const memory = measured.flatMap(({ memoryBytes }) => memoryBytes ?? [])
  return [
    millis(({ startUp }) => startUp),
    memory.length === 0 ? "unknown" : (summary(memory).median / 1e6).toFixed(0),
    millis(({ endOfInput }) => endOfInput),
    millis(({ sigterm }) => sigterm)
  ]
}
