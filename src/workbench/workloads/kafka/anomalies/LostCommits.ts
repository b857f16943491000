/**
 * Lost commits: acknowledged commits of offsets that a later list lacks, or goes back on.
 *
 * Commits advance an offset, so that what is listed may only grow. Nobody asks a node to have heard of what was
 * committed at another: one that lists less makes its consumers see records again, and skip none. So each node is held
 * to what it has listed and acknowledged itself; and only in the final phase, when faults are healed and the network
 * was left alone, to what any node had acknowledged before.
 */
import { Predicate } from "effect"
import { append } from "../../../collections/MultiMap.ts"
import { type ClientBinding, nodeName } from "../../../history/ClientBinding.ts"
import type { ClientOperation } from "../../../history/History.ts"
import * as Integer from "../../../json/Integer.ts"
import type { AnomalyCase } from "./AnomalyCase.ts"
import { highestBefore, highestOffset, type OffsetSince } from "./Commits.ts"
import type { Log, Observations } from "./Observations.ts"
import { keyPhrase } from "./Phrases.ts"

/**
 * - `nonmonotonic-commit`: a node lists a lower offset than it had listed before, or none.
 * - `lost-commit`: a node lists a lower offset than was acknowledged, or none: by itself, or in the final phase by any
 *   node before.
 *
 * A list is seen only where the client put it under `committed` of the assign.
 */
export const lostCommits = (observations: Observations, binding: ClientBinding): ReadonlyArray<AnomalyCase> => {
  const lists = committedLists(observations)
  const place = (log: Log, operation: ClientOperation) => `${nodeName(operation, binding)} ${log.key}`
  const listed = new Map<string, Array<OffsetSince>>()
  const acknowledged = new Map<string, Array<OffsetSince>>()
  const acknowledgedAnywhere = new Map<Log, Array<OffsetSince>>()

  for (const { log, offset, operation } of lists) {
    append(listed, place(log, operation), { offset, operation, begin: operation.index })
  }
  for (const { operation, polls } of observations.completions) {
    for (const [log, placements] of operation.type === "ok" ? polls : []) {
      const offset = placements.length === 0 ? Number.POSITIVE_INFINITY : highestOffset(placements)
      if (offset < Number.POSITIVE_INFINITY) {
        const commit = { offset, operation, begin: operation.index }
        append(acknowledged, place(log, operation), commit)
        append(acknowledgedAnywhere, log, commit)
      }
    }
  }

  const highestListed = highestBefore(listed)
  const highestOwn = highestBefore(acknowledged)
  const highestAnywhere = highestBefore(acknowledgedAnywhere)
  const finalPhase = lists.find(({ operation }) => operation.final === true)?.invocation.index ?? 0

  return lists.flatMap((list): ReadonlyArray<AnomalyCase> => {
    const { invocation, log, offset, operation } = list
    const before = highestListed(place(log, operation), invocation.index)
    if (before.operation !== undefined && offset < before.offset) {
      return [nonmonotonic(list, before.offset, before.operation, binding)]
    }
    const own = highestOwn(place(log, operation), invocation.index)
    const any = operation.final === true ? highestAnywhere(log, finalPhase) : own
    const commit = any.offset > own.offset ? any : own
    return commit.operation !== undefined && offset < commit.offset
      ? [lost(list, commit.offset, commit.operation, binding)]
      : []
  })
}

/** What a node listed of one log: `offset` is below all others where it listed none. */
interface CommittedList {
  readonly log: Log
  readonly offset: Integer.Integer
  readonly invocation: ClientOperation
  readonly operation: ClientOperation
}

const committedLists = ({ completions }: Observations): ReadonlyArray<CommittedList> =>
  completions.flatMap(({ assigned, invocation, operation }) => {
    const listed = operation["committed"]
    if (
      operation.f !== "assign" ||
      operation.type !== "ok" ||
      invocation === undefined ||
      !Predicate.isObject(listed)
    ) {
      return []
    }
    return assigned.map((log) => {
      const json = Predicate.hasProperty(listed, log.key) ? listed[log.key] : undefined
      const offset = Integer.isInteger(json) ? Integer.fromJson(json) : Number.NEGATIVE_INFINITY
      return { log, offset, invocation, operation }
    })
  })

const nonmonotonic = (
  { invocation, log, offset, operation }: CommittedList,
  before: Integer.Integer,
  earlier: ClientOperation,
  binding: ClientBinding
): AnomalyCase => ({
  type: "nonmonotonic-commit",
  details: {
    key: log.key,
    listed: [Integer.toJson(before), offsetOrNull(offset)],
    ops: [earlier.index, operation.index]
  },
  operations: [earlier, invocation, operation],
  describe: () =>
    `${nodeName(operation, binding)} listed offset ${before} of ${keyPhrase(log)} as committed (${earlier.index}), and later ` +
    `${offsetPhrase(offset)} (${operation.index})`
})

const lost = (
  { invocation, log, offset, operation }: CommittedList,
  committed: Integer.Integer,
  commit: ClientOperation,
  binding: ClientBinding
): AnomalyCase => ({
  type: "lost-commit",
  details: {
    key: log.key,
    committed: Integer.toJson(committed),
    listed: offsetOrNull(offset),
    ops: [commit.index, operation.index]
  },
  operations: [commit, invocation, operation],
  describe: () =>
    `${nodeName(commit, binding)} acknowledged a commit of offset ${committed} of ${keyPhrase(log)} (${commit.index}), but ` +
    `${nodeName(operation, binding)} lists ${offsetPhrase(offset)} later (${operation.index})`
})

const offsetOrNull = (offset: Integer.Integer): Integer.Json | null =>
  offset === Number.NEGATIVE_INFINITY ? null : Integer.toJson(offset)

const offsetPhrase = (offset: Integer.Integer): string =>
  offset === Number.NEGATIVE_INFINITY ? "none" : String(offset)
