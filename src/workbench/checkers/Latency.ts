/**
 * Latencies of operations, and how many ended per second: the figures behind Jepsen's graphs.
 */
import { Schema } from "effect"
import { type Call, calls, type ClientOperation, completions } from "../history/History.ts"
import type { History } from "../history/Operation.ts"
import * as JepsenKeys from "../json/JepsenKeys.ts"
import { Quantiles, quantiles } from "./Quantiles.ts"
import { Validity } from "./Validity.ts"
import * as Verdict from "./Verdict.ts"

/** The width of the time windows, in seconds. */
interface Windows {
  readonly latency: number
  readonly rate: number
}

/** The windows of Jepsen's graphs. */
const defaultWindows: Windows = { latency: 30, rate: 10 }

/** The middle of a window in seconds, and what is told of it. */
const windowOf = <A extends Schema.Constraint>(content: A) => Schema.Tuple([Schema.Number, content])

/** By the outcome of operations (`ok`, `fail`, `info`). */
const byOutcome = <A extends Schema.Constraint>(content: A) => Schema.Record(Schema.String, content)

/** Latencies in milliseconds. */
const FunctionLatencies = JepsenKeys.struct(
  { outcomes: byOutcome(Quantiles), windows: Schema.Array(windowOf(Quantiles)) },
  { spread: "outcomes" }
)

/**
 * - `latencyGraph`: by function and outcome the quantiles of the latency in milliseconds, over the whole history and,
 *   by function, in windows.
 * - `rateGraph`: by function and outcome in windows the mean of completions per second.
 *
 * Maelstrom has pictures in place of `byF`.
 */
export const Results = JepsenKeys.struct({
  validity: Validity,
  latencyGraph: JepsenKeys.struct({
    validity: Validity,
    byF: Schema.optionalKey(Schema.Record(Schema.String, FunctionLatencies))
  }),
  rateGraph: JepsenKeys.struct({
    validity: Validity,
    byF: Schema.optionalKey(Schema.Record(Schema.String, byOutcome(Schema.Array(windowOf(Schema.Number)))))
  })
})
export interface Results extends Schema.Schema.Type<typeof Results> {}

/** Sums up latencies and rates; every history is valid. After `jepsen.checker/perf`. */
export const check = (history: History, windows: Windows = defaultWindows): Verdict.Verdict<Results> =>
  Verdict.make({
    validity: true,
    latencyGraph: { validity: true, byF: latencies(calls(history).filter(isCompleted), windows.latency) },
    rateGraph: { validity: true, byF: rates(completions(history), windows.rate) }
  })

interface CompletedCall extends Call {
  readonly completion: ClientOperation
}

const isCompleted = (call: Call): call is CompletedCall => call.completion !== undefined

const latencies = (all: ReadonlyArray<CompletedCall>, width: number) =>
  grouped(
    all,
    ({ invocation }) => invocation.f,
    (sameFunction) => ({
      outcomes: grouped(
        sameFunction,
        ({ completion }) => completion.type,
        (sameType) => quantiles(sameType.map(milliseconds))
      ),
      windows: windowed(sameFunction, ({ invocation }) => invocation.time, width).map(
        ([middle, within]) => [middle, quantiles(within.map(milliseconds))] as const
      )
    })
  )

const rates = (ended: ReadonlyArray<ClientOperation>, width: number) =>
  grouped(
    ended,
    ({ f }) => f,
    (sameFunction) =>
      grouped(
        sameFunction,
        ({ type }) => type,
        (sameType) =>
          windowed(sameType, ({ time }) => time, width).map(
            ([middle, within]) => [middle, within.length / width] as const
          )
      )
  )

const milliseconds = ({ invocation, completion }: CompletedCall): number => (completion.time - invocation.time) / 1e6

const grouped = <A, B>(
  items: ReadonlyArray<A>,
  keyOf: (item: A) => string,
  summary: (group: ReadonlyArray<A>) => B
): { readonly [key: string]: B } =>
  Object.fromEntries([...Map.groupBy(items, keyOf)].map(([key, group]) => [key, summary(group)]))

// Windows in which nothing happened are left out, as in Jepsen.
const windowed = <A>(
  items: ReadonlyArray<A>,
  timeOf: (item: A) => number,
  width: number
): ReadonlyArray<readonly [middle: number, within: ReadonlyArray<A>]> =>
  [...Map.groupBy(items, (item) => Math.floor(timeOf(item) / 1e9 / width))]
    .toSorted(([left], [right]) => left - right)
    .map(([window, within]) => [window * width + width / 2, within])
