/**
 * Write-ahead log in `lin-kv` to which any node may append, and which each can replay: segments under consecutive
 * numbers.
 *
 * A segment is a value that is created once and never changes. Whoever appends creates the next one; where there is one
 * already, somebody else was first, and it is read and applied before the next attempt. So all have the same segments
 * in the same order, and what they say, each record's offset among it, is the same for all. A create that goes
 * unanswered is repeated, since it says the same. Every record has its send's name, by which it is found before it is
 * appended again, by the same node, another one, or a later incarnation.
 *
 * Every 64 segments are merged into a block, so that a node which has to read everything finds few values, of which it
 * reads a window in parallel.
 *
 * The name is that of databases; a log as what nodes agree on is Schneider's "Implementing Fault-Tolerant Services
 * Using the State Machine Approach" (1990).
 */
import { Array, Deferred, Effect, Option, Schedule, Schema, type Scope, Stream } from "effect"
import type { Offsets } from "../../protocol/Kafka.ts"
import type { RpcError } from "../../protocol/RpcError.ts"
import * as GroupCommit from "../../services/GroupCommit.ts"
import * as IdGenerator from "../../services/IdGenerator.ts"
import { LinKv } from "../../services/Kv.ts"
import type { Node } from "../../services/Node.ts"
import * as Policy from "../../services/Policy.ts"
import { Timers } from "../../services/Timers.ts"
import { highest } from "./HighestOffsets.ts"
import { merge, type NamedRecord, Segment } from "./Segment.ts"
import * as SegmentReplay from "./SegmentReplay.ts"

/** A log in the store, and this node's replay of it. None of its effects fails: each waits until the store answers. */
export interface StoredLog extends Pick<SegmentReplay.SegmentReplay, "logs" | "committed"> {
  /** Stores a record, unless its send has been stored before; its offset. */
  append(record: NamedRecord): Effect.Effect<number, RpcError>

  /**
   * Stores committed offsets, with the next records if some come within 20 ms, since those are stored anyway. Offsets
   * that are not above the stored ones change nothing.
   */
  commit(offsets: Offsets): Effect.Effect<void, RpcError>

  /** Replays what others have stored: all that was there when this began. */
  readonly catchUp: Effect.Effect<void, RpcError>

  /**
   * Keeps this log: merges old segments, and looks whether others have stored any when nothing was stored for a
   * second, until the scope closes. For one node, the one that usually appends.
   */
  readonly keep: Effect.Effect<void, never, Timers | Scope.Scope>
}

/** The log of this name, of which nothing has been replayed yet. */
export const make = Effect.fnUntraced(function* (
  name: string
): Effect.fn.Return<StoredLog, never, LinKv | Node | Scope.Scope> {
  const scope = yield* Effect.scope
  const values = (yield* LinKv).collection({ key: Schema.String, value: Segment })
  const nextId = yield* IdGenerator.make
  const replay = SegmentReplay.make()
  const segmentKey = (number: number) => `segment ${number} of ${name}`
  const blockKey = (number: number) => `block ${number} of ${name}`

  /** How many blocks are known to be stored, and the segments behind these. */
  let blocks = 0
  let behind: Array<Segment> = []
  let isReplayed = false
  /** Whether the store was found to hold nothing more since the batch under way began. */
  let isFresh = false
  let isIdle = true
  const next = () => blocks * blockSize + behind.length

  const take = (segment: Segment) => {
    replay.apply(segment)
    behind.push(segment)
  }

  /** Reads values under consecutive numbers from one on, in order, until there is none; some are read ahead. */
  const readFrom = (
    first: number,
    keyOf: (number: number) => string,
    ahead: number,
    onValue: (segment: Segment) => void
  ): Effect.Effect<void, RpcError> =>
    Stream.iterate(first, (number) => number + 1).pipe(
      Stream.mapEffect((number) => Policy.retryForever(values.readOption(keyOf(number))), { concurrency: ahead }),
      // What lies behind a gap was stored while this was reading, as the gap will have been.
      Stream.takeWhile(Option.isSome),
      Stream.runForEach(({ value }) => Effect.sync(() => onValue(value)))
    )

  const replayAll = Effect.gen(function* () {
    const first = yield* Policy.retryForever(values.readOption(segmentKey(0)))
    if (Option.isSome(first)) {
      yield* readFrom(blocks, blockKey, window, (block) => {
        replay.apply(block)
        blocks += 1
      })
      yield* readFrom(next(), segmentKey, window, take)
    }
  })

  const catchUp = Effect.suspend(() => (isReplayed ? readFrom(next(), segmentKey, 1, take) : replayAll)).pipe(
    Effect.tap(() =>
      Effect.sync(() => {
        isReplayed = true
        isFresh = true
      })
    )
  )

  /** Stores a segment behind all others; whether that succeeded, or somebody else has stored one there. */
  const create = (key: string, segment: Segment) =>
    Policy.retryForever(
      values.createIfNotExists(key, segment).pipe(
        Effect.as(true),
        Effect.catchTag("KeyAlreadyExists", () => Effect.succeed(false))
      )
    )

  const store = Effect.fnUntraced(function* (records: ReadonlyArray<NamedRecord>, committed: Offsets) {
    for (;;) {
      const unstored = records.filter(([, , send]) => replay.offsetOf(send) === undefined)
      const segment = {
        name: nextId(),
        records: Array.dedupeWith(unstored, ([, , one], [, , other]) => one === other),
        ...(Object.keys(committed).length > 0 && { committed })
      }
      if (segment.records.length === 0 && segment.committed === undefined) {
        return
      }
      if (yield* create(segmentKey(next()), segment)) {
        take(segment)
        isFresh = true
        return
      }
      yield* catchUp
    }
  })

  /** Commits that wait for the next segment. */
  let gathered: { offsets: Offsets; readonly stored: Deferred.Deferred<void, RpcError> } | undefined

  const batches = yield* GroupCommit.make({
    linger: (item: NamedRecord | typeof nothing) => (item === nothing ? Effect.void : Effect.sleep(sendPatience)),
    max: segmentLimit,
    run: Effect.fnUntraced(function* (items: ReadonlyArray<NamedRecord | typeof nothing>) {
      const commits = gathered
      gathered = undefined
      isFresh = false
      isIdle = false
      if (!isReplayed) {
        yield* catchUp
      }
      yield* store(
        items.filter((item) => item !== nothing),
        commits?.offsets ?? {}
      )
      if (!isFresh && items.includes(nothing)) {
        yield* catchUp
      }
      if (commits !== undefined) {
        yield* Deferred.succeed(commits.stored, undefined)
      }
      return items.map((item) => (item === nothing ? 0 : replay.offsetOf(item[2])!))
    })
  })

  const gather = (offsets: Offsets) => {
    if (gathered !== undefined) {
      gathered.offsets = highest([gathered.offsets, offsets])
      return Deferred.await(gathered.stored)
    }
    const round = { offsets, stored: Deferred.makeUnsafe<void, RpcError>() }
    gathered = round
    const storeAlone = Effect.suspend(() => (gathered === round ? batches.submit(nothing) : Effect.void))
    return Effect.andThen(Effect.forkIn(Effect.delay(storeAlone, commitPatience), scope), Deferred.await(round.stored))
  }

  const mergeOld = Effect.gen(function* () {
    while (behind.length >= blockSize) {
      yield* create(blockKey(blocks), merge(behind.slice(0, blockSize)))
      blocks += 1
      behind = behind.slice(blockSize)
    }
  })

  const catchUpNow = Effect.asVoid(batches.submit(nothing))

  return {
    logs: replay.logs,
    committed: replay.committed,
    append: batches.submit,
    commit: (offsets) =>
      Effect.suspend(() => {
        const known = replay.committed.list(Object.keys(offsets))
        const advanced = Object.entries(offsets).filter(([key, offset]) => offset > (known[key] ?? -1))
        return advanced.length > 0 ? gather(Object.fromEntries(advanced)) : Effect.void
      }),
    catchUp: catchUpNow,
    keep: Timers.use(({ recur }) =>
      recur(
        `keep ${name}`,
        Schedule.spaced("1 second"),
        Effect.gen(function* () {
          if (isIdle) {
            yield* catchUpNow
          }
          isIdle = true
          yield* mergeOld
        })
      )
    )
  }
})

/** An item of a batch that stores nothing of its own. */
const nothing = "nothing"

/** The most records in a segment. */
const segmentLimit = 256

/** How many segments make a block. */
const blockSize = 64

/** How many values are read at once by a node that has to read everything. */
const window = 32

/** How long a record waits for others. */
const sendPatience = "1 millis"

/** How long commits wait for records. */
const commitPatience = "20 millis"
