/**
 * How long operations took, and how many ended in a second.
 */
import { type Call, calls, type ClientOperation, completions } from "../history/History.ts"
import type { History } from "../history/Operation.ts"
import { distributionPoints, quantiles } from "./Quantiles.ts"
import type { Verdict } from "./Verdict.ts"

/** The width of the time windows, in seconds. */
export interface Windows {
  readonly latency: number
  readonly rate: number
}

/** The windows of Jepsen's graphs. */
export const defaultWindows: Windows = { latency: 30, rate: 10 }

/**
 * The numbers behind the graphs that Jepsen draws; every history is valid.
 *
 * - `latency-graph`: by function and outcome the quantiles of the latency in milliseconds, over the whole history and,
 *   by function, in windows as pairs of the window's middle in seconds and the quantiles there.
 * - `rate-graph`: by function and outcome pairs of a window's middle in seconds and the mean of completions per second.
 *
 * After `jepsen.checker/perf`.
 */
export const check = (history: History, windows: Windows = defaultWindows): Verdict => ({
  valid: true,
  results: {
    "valid?": true,
    "latency-graph": { "valid?": true, ...latencies(calls(history).filter(isCompleted), windows.latency) },
    "rate-graph": { "valid?": true, "by-f": rates(completions(history), windows.rate) }
  },
  anomalies: [],
  warnings: []
})

interface CompletedCall extends Call {
  readonly completion: ClientOperation
}

const isCompleted = (call: Call): call is CompletedCall => call.completion !== undefined

const latencies = (all: ReadonlyArray<CompletedCall>, width: number) => ({
  "by-f": grouped(
    all,
    ({ invocation }) => invocation.f,
    (sameFunction) => ({
      ...grouped(
        sameFunction,
        ({ completion }) => completion.type,
        (sameType) => quantiles(distributionPoints, sameType.map(milliseconds))
      ),
      windows: windowed(sameFunction, ({ invocation }) => invocation.time, width).map(([middle, within]) => [
        middle,
        quantiles(distributionPoints, within.map(milliseconds))
      ])
    })
  )
})

const rates = (ended: ReadonlyArray<ClientOperation>, width: number) =>
  grouped(
    ended,
    ({ f }) => f,
    (sameFunction) =>
      grouped(
        sameFunction,
        ({ type }) => type,
        (sameType) =>
          windowed(sameType, ({ time }) => time, width).map(([middle, within]) => [middle, within.length / width])
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
