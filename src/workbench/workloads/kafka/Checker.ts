/**
 * Checks the Kafka workload: append-only logs with `send`, `poll` and committed offsets.
 *
 * It judges a history as `jepsen.tests.kafka` does when Maelstrom uses it, that is, with clients that choose their
 * keys by assign and operations of one send or one poll. It differs from it in what follows:
 *
 * - A polled message that nobody sent is an anomaly, `garbage-read`; Jepsen's checker throws.
 * - A key that polls return only without records is fine; Jepsen's checker throws.
 * - A key whose first successful poll ends the history is not `unseen` where no send to it was acknowledged.
 * - A history too short to hold any dependency is valid; Elle reports `empty-transaction-graph`.
 */
import { Schema, Struct } from "effect"
import type { Checker } from "../../checkers/CheckOptions.ts"
import { Validity } from "../../checkers/Validity.ts"
import * as Verdict from "../../checkers/Verdict.ts"
import * as JepsenKeys from "../../json/JepsenKeys.ts"
import { canonical, order } from "../../json/JsonValue.ts"
import { type AnomalyCase, byType, smallest } from "./anomalies/AnomalyCase.ts"
import { maelstromCases, ownCases } from "./anomalies/CaseDetails.ts"
import { internalOrder } from "./anomalies/InternalOrder.ts"
import { lostWrites, unseen, type Unseen, unseenMessages } from "./anomalies/LostWrites.ts"
import { hasRecords, observe, type Observations } from "./anomalies/Observations.ts"
import { duplicates, inconsistentOffsets } from "./anomalies/OffsetConflicts.ts"
import { pollOrder } from "./anomalies/PollOrder.ts"
import { type RealtimeLag, worstRealtimeLag } from "./anomalies/RealtimeLag.ts"
import { sendOrder } from "./anomalies/SendOrder.ts"
import { versionOrders } from "./anomalies/VersionOrder.ts"
import { futureReads, wrongReads } from "./anomalies/WrongReads.ts"
import * as Strict from "./Strict.ts"

/** `time` in nanoseconds, `unseen` the number of messages by key, `messages` up to 32 of each. */
const UnseenMessages = JepsenKeys.struct({
  time: Schema.Number,
  unseen: Schema.Record(Schema.String, Schema.Int),
  messages: Schema.Record(Schema.String, Schema.Array(Schema.Unknown))
})

interface CasesOf extends Struct.Lambda {
  <Details extends Schema.Top>(details: Details): Cases<Details>
  readonly "~lambda.out": this["~lambda.in"] extends Schema.Top ? Cases<this["~lambda.in"]> : never
}
type Cases<Details extends Schema.Top> = Schema.optionalKey<
  Schema.Struct<{ readonly count: typeof Schema.Int; readonly errs: Schema.$Array<Details> }>
>
const casesOf = Struct.lambda<CasesOf>((details) =>
  Schema.optionalKey(Schema.Struct({ count: Schema.Int, errs: Schema.Array(details) }))
)

/** The cases of every type, and whatever else Maelstrom has found. */
const Errors = Schema.StructWithRest(
  Schema.Struct({
    ...Struct.map(maelstromCases, casesOf),
    // Of cycles Maelstrom tells more, as Elle does.
    "G1c-realtime": casesOf(
      Schema.Union([maelstromCases["G1c-realtime"], Schema.Record(Schema.String, Schema.Unknown)])
    ),
    "garbage-read": casesOf(ownCases["garbage-read"]),
    unseen: Schema.optionalKey(UnseenMessages)
  }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)

/**
 * - `worstRealtimeLag`: `time` and `lag` in seconds.
 * - `errorTypes`, `badErrorTypes`: the names of the anomalies, and of those among them that make the run invalid.
 * - `infoTxnCauses`: why sends and polls are of unknown outcome.
 * - `errors`: for each type how many cases there are, and up to eight of them (`errs`) with the fields that Maelstrom
 *   gives, where operations are named by their index. `unseen` is summed up instead.
 */
export const Results = JepsenKeys.struct(
  {
    validity: Validity,
    worstRealtimeLag: JepsenKeys.struct({
      time: Schema.Number,
      process: Schema.optionalKey(Schema.Int),
      key: Schema.optionalKey(Schema.String),
      lag: Schema.Number
    }),
    badErrorTypes: Schema.Array(Schema.String),
    errorTypes: Schema.Array(Schema.String),
    infoTxnCauses: Schema.Array(Schema.Unknown),
    errors: Errors
  },
  { spread: "errors" }
)
export interface Results extends Schema.Schema.Type<typeof Results> {}

/** Judges a history of the Kafka workload. For the warnings see `Strict.ts`. */
export const check: Checker<Results> = (history, options) => {
  const observations = observe(history)
  const orders = versionOrders(observations)
  const missing = unseen(observations)
  const polls = pollOrder(observations, orders)
  const errors = byType([
    ...duplicates(orders),
    ...inconsistentOffsets(orders),
    ...internalOrder(observations, orders),
    ...polls,
    ...sendOrder(observations, orders, "within"),
    ...wrongReads(observations),
    ...futureReads(observations),
    ...lostWrites(orders),
    ...(missing === undefined ? [] : unseenMessages(missing))
  ])
  const errorTypes = [...errors.keys()]
  const badErrorTypes = errorTypes.filter((type) => !allowed.has(type))
  return Verdict.make(
    {
      validity: badErrorTypes.length === 0,
      worstRealtimeLag: lagInSeconds(worstRealtimeLag(observations)),
      badErrorTypes,
      errorTypes,
      infoTxnCauses: infoCauses(observations),
      errors: {
        ...Object.fromEntries([...errors].map(([type, cases]) => [type, summary(type, cases)])),
        ...(missing !== undefined && { unseen: unseenSummary(missing) })
      }
    },
    {
      anomalies: badErrorTypes.map((type) => smallest(type, errors.get(type)!)),
      warnings: Strict.warnings(observations, orders, polls, options)
    }
  )
}

/**
 * What Jepsen reports without calling a run invalid. It allows write cycles as well, which operations of one send or
 * one poll cannot form.
 */
const allowed: ReadonlySet<string> = new Set(["int-send-skip"])

const summary = (type: string, cases: ReadonlyArray<AnomalyCase>) => ({
  count: cases.length,
  errs: worstFirst(type, cases)
    .slice(0, 8)
    .map((anomaly) => anomaly.details)
})

/** The widest skips first, and the furthest steps back. */
const worstFirst = (type: string, cases: ReadonlyArray<AnomalyCase>): ReadonlyArray<AnomalyCase> => {
  const sign = type.endsWith("skip") ? -1 : 1
  return cases.toSorted((a, b) => sign * (deltaOf(a) - deltaOf(b)))
}

const deltaOf = ({ details }: AnomalyCase): number => ("delta" in details ? (details.delta ?? 0) : 0)

const unseenSummary = ({ messages, time }: Unseen) => ({
  time,
  unseen: Object.fromEntries([...messages].map(([log, missing]) => [log.key, missing.length])),
  messages: Object.fromEntries(
    [...messages].map(([log, missing]) => [
      log.key,
      missing
        .map((message) => message.value)
        .toSorted(order)
        .slice(0, 32)
    ])
  )
})

const lagInSeconds = (worst: RealtimeLag) => ({ ...worst, time: worst.time / 1e9, lag: worst.lag / 1e9 })

const infoCauses = (observations: Observations): ReadonlyArray<unknown> => {
  const causes = new Map<string, unknown>()
  for (const { operation } of observations.completions) {
    if (operation.type === "info" && hasRecords(operation)) {
      const cause = operation.error ?? null
      causes.set(canonical(cause), cause)
    }
  }
  return [...causes.values()]
}
