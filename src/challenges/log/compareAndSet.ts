/**
 * Logs in `lin-kv` that nobody owns: every node appends to every log, by compare-and-set.
 *
 * A log is a chain of segments, each a value of its own with a bounded number of records. A node appends to the last
 * segment that it knows of, until it holds; a full one never changes again, so that it is read once. Offsets follow
 * from segment and index in it, without gaps. Any node takes any request, whatever happens between nodes, as long as it
 * reaches the store; nodes that append to the same log get into each other's way.
 *
 * A compare-and-set that goes unanswered may have taken place and is not repeated: the send ends with that error, which
 * leaves its outcome open. One that is refused may have taken place as well, if the network brought it to the store
 * twice: every record has an id, by which it is found before it is appended again.
 */
import { Effect, Option, Schema } from "effect"
import { Kafka } from "../../protocol/Kafka.ts"
import { Abort, type RpcError } from "../../protocol/RpcError.ts"
import { LinKv } from "../../services/Kv.ts"
import * as IdGenerator from "../../services/IdGenerator.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import { defaultLimits, withinLimits } from "./Logs.ts"
import * as CommitsInLinKv from "./CommitsInLinKv.ts"

/** The node. An acknowledged record is in the store, and survives every crash. */
export const layer: NodeLayer = Kafka.toLayer(
  Effect.gen(function* () {
    const segments = (yield* LinKv).collection({ key: SegmentName, value: Segment })
    const nextId = yield* IdGenerator.make
    /** Full segments of each log, which do not change any more. */
    const full = new Map<string, Array<Segment>>()

    const keepIfFull = (key: string, index: number, segment: Segment) => {
      const known = full.get(key) ?? []
      if (segment.length === segmentSize && known.length === index) {
        full.set(key, [...known, segment])
      }
    }

    const append = (key: string, name: string, record: Schema.Json): Effect.Effect<number, RpcError> => {
      const index = full.get(key)?.length ?? 0
      return segments
        .updateEffect([key, index], (current) => {
          const segment = Option.getOrElse(current, () => [])
          keepIfFull(key, index, segment)
          if (indexIn(name, segment) >= 0) {
            return Effect.succeed(segment)
          }
          return segment.length < segmentSize
            ? Effect.succeed([...segment, [name, record]])
            : Effect.fail(new SegmentFull({ text: "the segment is full" }))
        })
        .pipe(
          Effect.catchIf(isRefusal, (error) =>
            Effect.filterOrFail(
              Effect.map(
                segments.readOption([key, index]),
                Option.getOrElse((): Segment => [])
              ),
              (segment) => indexIn(name, segment) >= 0,
              () => error
            )
          ),
          Effect.map((segment) => {
            keepIfFull(key, index, segment)
            return index * segmentSize + indexIn(name, segment)
          }),
          Effect.catchIf(
            (error) => error instanceof SegmentFull,
            () => append(key, name, record)
          )
        )
    }

    const readFrom = Effect.fnUntraced(function* (key: string, from: number) {
      const records: Array<readonly [number, Schema.Json]> = []
      for (let index = Math.floor(from / segmentSize); records.length < defaultLimits.perKey; index++) {
        const segment = full.get(key)?.[index] ?? Option.getOrElse(yield* segments.readOption([key, index]), () => [])
        keepIfFull(key, index, segment)
        for (const [i, [, record]] of segment.entries()) {
          const offset = index * segmentSize + i
          if (offset >= from) {
            records.push([offset, record])
          }
        }
        if (segment.length < segmentSize) {
          break
        }
      }
      return records
    })

    return {
      send: ({ key, msg }) => Effect.map(append(key, nextId(), msg), (offset) => ({ offset })),
      poll: Effect.fnUntraced(function* ({ offsets }) {
        const polled = yield* Effect.forEach(
          Object.entries(offsets),
          ([key, from]) => Effect.map(readFrom(key, from), (records) => [key, records] as const),
          { concurrency: "unbounded" }
        )
        return { msgs: withinLimits(polled) }
      }),
      ...(yield* CommitsInLinKv.make)
    }
  })
)

/** A log and the number of its segment. */
const SegmentName = Schema.Tuple([Schema.String, Schema.Int])

/** The records of a segment in the order of their offsets, each with its name. */
const Segment = Schema.Array(Schema.Tuple([Schema.String, Schema.Json]))
type Segment = typeof Segment.Type

/** Where in a segment the record of this name is; -1 if it is not there. */
const indexIn = (name: string, segment: Segment) => segment.findLastIndex(([known]) => known === name)

/** The most records in a segment. */
const segmentSize = 64

/** Ends an update before it changes anything: others have filled the segment, and the record goes to the next one. */
class SegmentFull extends Abort {}

/** The last attempt's refusal has not been looked into: what is refused may have taken place, see above. */
const isRefusal = (error: RpcError) => error.definite && !(error instanceof SegmentFull)
