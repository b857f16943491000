/**
 * Segment: what was stored together, records and committed offsets; and several segments merged into a block.
 */
import { Schema } from "effect"
import { Offsets } from "../../protocol/Kafka.ts"
import { highest } from "./HighestOffsets.ts"

/**
 * A record with the key of its log, and with the name of its send, by which it is known when it comes a second time.
 */
export const NamedRecord = Schema.Tuple([Schema.String, Schema.Json, Schema.String])
export type NamedRecord = typeof NamedRecord.Type

/**
 * Records in the order of their offsets, and offsets that were committed beside them. The name tells a segment from
 * another with the same contents.
 */
export const Segment = Schema.Struct({
  name: Schema.String,
  records: Schema.Array(NamedRecord),
  committed: Schema.optionalKey(Offsets)
})
export type Segment = typeof Segment.Type

/** One segment that says what several say one after another. The same segments make the same block. */
export const merge = (segments: ReadonlyArray<Segment>): Segment => ({
  name: segments[0]!.name,
  records: segments.flatMap(({ records }) => records),
  committed: highest(segments.map(({ committed }) => committed ?? {}))
})
