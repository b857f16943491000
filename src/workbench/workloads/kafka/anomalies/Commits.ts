/**
 * Committed offsets: which ones clients may have committed.
 *
 * A client commits the highest offset of every poll that returned records, before the poll is reported as done. The
 * commit itself is not part of the history: it happened at some time between the poll's begin and end. If a poll's
 * outcome is unknown, it may have committed any offset of the keys that its client was assigned.
 */
import { Predicate } from "effect"
import { append } from "../../../collections/MultiMap.ts"
import type { ClientOperation } from "../../../history/History.ts"
import * as Integer from "../../../json/Integer.ts"
import type { AnomalyCase } from "./AnomalyCase.ts"
import type { Completion, Log, Observations, Placement } from "./Observations.ts"
import { keyPhrase } from "./Phrases.ts"

/** The highest offset that may have been committed, and the poll that may have committed it. -1: none. */
export interface Commit {
  readonly offset: Integer.Integer
  readonly operation: ClientOperation | undefined
}

/** What may have been committed by a moment of the history. */
export interface Commits {
  /** The highest possible commit of a log before the history entry with this index; infinite, if unknown. */
  readonly highest: (log: Log, index: number) => Commit
}

/** Collects all possible commits. */
export const possibleCommits = (observations: Observations): Commits => {
  const commits = new Map<Log, Array<OffsetSince>>()
  const held = new Map<number, Set<Log>>()
  const unknown = (operation: ClientOperation, begin: number): void => {
    for (const log of held.get(operation.process) ?? []) {
      append(commits, log, { begin, offset: Number.POSITIVE_INFINITY, operation })
    }
  }

  for (const { assigned, invocation, operation, polls } of observations.completions) {
    const begin = (invocation ?? operation).index
    if (operation.f === "assign" && operation.type === "ok") {
      held.set(operation.process, new Set(assigned))
    } else if (operation.f === "poll" || operation.f === "txn") {
      if (operation.type === "info") {
        unknown(operation, begin)
      }
      for (const [log, placements] of polls) {
        held.get(operation.process)?.add(log)
        if (placements.length > 0) {
          append(commits, log, { begin, offset: highestOffset(placements), operation })
        }
      }
    }
  }
  for (const operation of observations.pending) {
    if (operation.f === "poll" || operation.f === "txn") {
      unknown(operation, operation.index)
    }
  }

  return { highest: highestBefore(commits) }
}

/** An offset that counts from the history entry `begin` on. */
export interface OffsetSince extends Commit {
  readonly begin: number
}

/** The highest offset under a key that counts before the history entry with an index. */
export const highestBefore = <Key>(
  offsets: ReadonlyMap<Key, ReadonlyArray<OffsetSince>>
): ((key: Key, index: number) => Commit) => {
  const running = new Map([...offsets].map(([key, all]) => [key, runningMaximum(all)]))
  return (key, index) => lastBefore(running.get(key) ?? [], index)
}

/** What a client commits when it has polled these, of which there is at least one. */
export const highestOffset = (placements: ReadonlyArray<Placement>): Integer.Integer => {
  let highest: Integer.Integer = 0
  for (const { offset } of placements) {
    // A record without an offset says nothing about what its client went on to commit.
    highest = Integer.max(highest, offset ?? Number.POSITIVE_INFINITY)
  }
  return highest
}

/**
 * `phantom-commit`: a node told a client a committed offset from which it would skip records that no client can have
 * committed. This can be seen only if the client put the offsets that it was told under `committed` of the assign.
 */
export const phantomCommits = (observations: Observations, commits: Commits): ReadonlyArray<AnomalyCase> =>
  observations.completions.flatMap((assign) => {
    const told = assign.operation["committed"]
    if (assign.operation.f !== "assign" || assign.operation.type !== "ok" || !Predicate.isObject(told)) {
      return []
    }
    return assign.assigned.flatMap((log) => {
      const json = Predicate.hasProperty(told, log.key) ? told[log.key] : undefined
      const offset = Integer.isInteger(json) ? Integer.fromJson(json) : -1
      const highest = commits.highest(log, assign.operation.index)
      return offset > Integer.plus(highest.offset, 1) ? [phantom(assign, log, offset, highest)] : []
    })
  })

const phantom = ({ operation }: Completion, log: Log, offset: Integer.Integer, highest: Commit): AnomalyCase => ({
  type: "phantom-commit",
  details: { key: log.key, committed: Integer.toJson(offset), op: operation.index },
  operations: highest.operation === undefined ? [operation] : [highest.operation, operation],
  describe: () =>
    `A node answered that offset ${offset} of ${keyPhrase(log)} is committed, though no client can have committed ` +
    `${highest.offset < 0 ? "anything" : `more than ${highest.offset}`}`
})

/** The offsets that raised the highest, in the order in which they came to count. */
const runningMaximum = (commits: ReadonlyArray<OffsetSince>): ReadonlyArray<OffsetSince> => {
  const raising: Array<OffsetSince> = []
  for (const commit of commits.toSorted((a, b) => a.begin - b.begin)) {
    if (commit.offset > (raising.at(-1)?.offset ?? -1)) {
      raising.push(commit)
    }
  }
  return raising
}

const lastBefore = (commits: ReadonlyArray<OffsetSince>, index: number): Commit => {
  let low = 0
  let high = commits.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (commits[middle]!.begin < index) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return commits[low - 1] ?? { offset: -1, operation: undefined }
}
