/**
 * Follows the elements of a growing set that is read over and over: which of them are stable, stale, or lost.
 *
 * After `jepsen.checker/set-full`, which Maelstrom's broadcast workload uses.
 */
import { Schema } from "effect"
import { JepsenOperation } from "../../checkers/JepsenOperation.ts"
import { Quantiles, quantiles } from "../../checkers/Quantiles.ts"
import { Validity } from "../../checkers/Validity.ts"
import { type ClientOperation, clientOperations, pairs } from "../../history/History.ts"
import type { History } from "../../history/Operation.ts"
import * as JepsenKeys from "../../json/JepsenKeys.ts"
import { order } from "../../json/JsonValue.ts"
import { ValueIndex } from "../../json/ValueIndex.ts"

const Outcome = Schema.Literals(["stable", "lost", "never-read"])

const ElementSummary = JepsenKeys.struct({
  element: Schema.Unknown,
  outcome: Outcome,
  stableLatency: Schema.NullOr(Schema.Number),
  lostLatency: Schema.NullOr(Schema.Number),
  known: Schema.NullOr(JepsenOperation),
  lastAbsent: Schema.NullOr(JepsenOperation)
})
interface ElementSummary extends Schema.Schema.Type<typeof ElementSummary> {}

/**
 * Latencies are in milliseconds, from when an element was known until it was last absent (stable) or present (lost).
 */
export const Results = JepsenKeys.struct({
  validity: Validity,
  attemptCount: Schema.Int,
  stableCount: Schema.Int,
  lostCount: Schema.Int,
  lost: Schema.Array(Schema.Unknown),
  neverReadCount: Schema.Int,
  neverRead: Schema.Array(Schema.Unknown),
  staleCount: Schema.Int,
  stale: Schema.Array(Schema.Unknown),
  worstStale: Schema.Array(ElementSummary),
  stableLatencies: Schema.optionalKey(Quantiles),
  lostLatencies: Schema.optionalKey(Quantiles),
  duplicatedCount: Schema.Int,
  duplicated: Schema.Record(Schema.String, Schema.Unknown)
})
export interface Results extends Schema.Schema.Type<typeof Results> {}

/**
 * An element that somebody tried to add.
 *
 * - `known`: the first proof that it is in the set: the acknowledgement of its addition, or a read that holds it.
 * - `lastPresent`, `lastAbsent`: of the successful reads with, and without it, the one that was invoked last.
 * - `outcome`: `stable` if the last read holds it, `lost` if the last read lacks it although it began after the element
 *   was known, `never-read` if there is no telling.
 * - `latency`: milliseconds from when it was known to when it was last absent (stable) or present (lost).
 */
export interface SetElement {
  readonly value: unknown
  readonly known: ClientOperation | undefined
  readonly lastPresent: ClientOperation | undefined
  readonly lastAbsent: ClientOperation | undefined
  readonly outcome: typeof Outcome.Type
  readonly latency: number | undefined
}

/** Follows every element through the history; `add` is the name of the function that adds one. */
export const elements = (history: History, add: string): ReadonlyArray<SetElement> => {
  const counterparts = pairs(history)
  const timelines = new Timelines()
  for (const operation of clientOperations(history)) {
    if (operation.f === add) {
      if (operation.type === "invoke") {
        timelines.begin(operation.value)
      } else if (operation.type === "ok") {
        timelines.acknowledge(operation)
      }
    } else if (operation.f === "read" && operation.type === "ok") {
      timelines.read(counterparts.get(operation) ?? operation, operation)
    }
  }
  return timelines.end()
}

/** The whole result. `add` is what Jepsen calls `add` in the operations that it prints. */
export const results = (all: ReadonlyArray<SetElement>, add: string): Results => {
  const sorted = all.toSorted((left, right) => order(left.value, right.value))
  const having = (outcome: SetElement["outcome"]) => sorted.filter((element) => element.outcome === outcome)
  const [stable, lost, neverRead] = [having("stable"), having("lost"), having("never-read")]
  const stale = stable.filter(({ latency = 0 }) => latency > 0)
  return {
    validity: validity(all),
    attemptCount: all.length,
    stableCount: stable.length,
    lostCount: lost.length,
    lost: lost.map(({ value }) => value),
    neverReadCount: neverRead.length,
    neverRead: neverRead.map(({ value }) => value),
    staleCount: stale.length,
    stale: stale.map(({ value }) => value),
    worstStale: worst(stale).map((element) => summary(element, add)),
    ...(stable.length > 0 && { stableLatencies: latencies(stable) }),
    ...(lost.length > 0 && { lostLatencies: latencies(lost) }),
    // Jepsen looks for elements that a read holds less than once, so that it never finds a duplicate.
    duplicatedCount: 0,
    duplicated: {}
  }
}

/** Lost elements are wrong; if no element is stable either, nothing was tested. */
const validity = (all: ReadonlyArray<SetElement>): Validity => {
  if (all.some(({ outcome }) => outcome === "lost")) {
    return false
  }
  return all.some(({ outcome }) => outcome === "stable") ? true : "unknown"
}

/** What is known of each element so far, in arrays over the numbers of the elements. */
class Timelines {
  readonly #index = new ValueIndex()
  readonly #known: Array<ClientOperation | undefined> = []
  readonly #lastPresent: Array<ClientOperation | undefined> = []
  readonly #lastAbsent: Array<ClientOperation | undefined> = []
  /** The number of the last read that holds an element. */
  readonly #seenBy: Array<number> = []
  #reads = 0

  begin(value: unknown): void {
    const element = this.#index.add(value)
    this.#known[element] = undefined
    this.#lastPresent[element] = undefined
    this.#lastAbsent[element] = undefined
    this.#seenBy[element] = 0
  }

  acknowledge(completion: ClientOperation): void {
    const element = this.#index.get(completion.value)
    if (element !== undefined) {
      this.#known[element] ??= completion
    }
  }

  read(invocation: ClientOperation, completion: ClientOperation): void {
    this.#reads++
    for (const value of Array.isArray(completion.value) ? completion.value : []) {
      const element = this.#index.get(value)
      if (element !== undefined) {
        this.#seenBy[element] = this.#reads
      }
    }
    for (let element = 0; element < this.#known.length; element++) {
      const present = this.#seenBy[element] === this.#reads
      const last = present ? this.#lastPresent : this.#lastAbsent
      const previous = last[element]
      if (previous === undefined || previous.index < invocation.index) {
        last[element] = invocation
      }
      if (present) {
        this.#known[element] ??= completion
      }
    }
  }

  end(): ReadonlyArray<SetElement> {
    return this.#index.values.map((value, element) =>
      conclude(value, this.#known[element], this.#lastPresent[element], this.#lastAbsent[element])
    )
  }
}

const conclude = (
  value: unknown,
  known: ClientOperation | undefined,
  lastPresent: ClientOperation | undefined,
  lastAbsent: ClientOperation | undefined
): SetElement => {
  const timeline = { value, known, lastPresent, lastAbsent }
  const [present, absent] = [lastPresent?.index ?? -1, lastAbsent?.index ?? -1]
  if (known === undefined || present === absent) {
    return { ...timeline, outcome: "never-read", latency: undefined }
  }
  if (absent < present) {
    return { ...timeline, outcome: "stable", latency: milliseconds(known, lastAbsent) }
  }
  // A read that lacks the element although it was known may still have taken place before the addition if it was
  // invoked before.
  return known.index < absent
    ? { ...timeline, outcome: "lost", latency: milliseconds(known, lastPresent) }
    : { ...timeline, outcome: "never-read", latency: undefined }
}

const milliseconds = (known: ClientOperation, last: ClientOperation | undefined): number =>
  last === undefined ? 0 : Math.floor(Math.max(0, last.time + 1 - known.time) / 1e6)

const worstCount = 8

const worst = (stale: ReadonlyArray<SetElement>): ReadonlyArray<SetElement> =>
  stale
    .toSorted((left, right) => (left.latency ?? 0) - (right.latency ?? 0))
    .toReversed()
    .slice(0, worstCount)

const summary = ({ value, outcome, latency, known, lastAbsent }: SetElement, add: string): ElementSummary => ({
  element: value,
  outcome,
  stableLatency: outcome === "stable" ? (latency ?? null) : null,
  lostLatency: outcome === "lost" ? (latency ?? null) : null,
  known: printed(known, add),
  lastAbsent: printed(lastAbsent, add)
})

const printed = (operation: ClientOperation | undefined, add: string) =>
  operation === undefined ? null : { ...operation, f: operation.f === add ? "add" : operation.f }

const latencies = (of: ReadonlyArray<SetElement>) => quantiles(of.map(({ latency }) => latency ?? 0))
