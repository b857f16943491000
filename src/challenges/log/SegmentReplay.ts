/**
 * Replays segments: what logs, committed offsets and names of sends they add up to.
 */
import * as CommittedOffsets from "./CommittedOffsets.ts"
import * as Logs from "./Logs.ts"
import type { Segment } from "./Segment.ts"

/** What the segments that were applied say, in their order. */
export interface SegmentReplay {
  readonly logs: Pick<Logs.Logs, "poll">
  readonly committed: Pick<CommittedOffsets.CommittedOffsets, "list">

  /** Adds a segment to the end. Whoever applies the same segments in the same order has the same offsets. */
  apply(segment: Segment): void

  /** The offset of a send's record, if it is among the last 10,000: those of longer than a message can be under way. */
  offsetOf(send: string): number | undefined
}

/** Starts with nothing. */
export const make = (): SegmentReplay => {
  const logs = Logs.make()
  const committed = CommittedOffsets.make()
  const offsets = new Map<string, number>()
  return {
    logs,
    committed,
    apply: (segment) => {
      for (const [key, record, send] of segment.records) {
        offsets.set(send, logs.append(key, record))
      }
      for (const oldest of offsets.keys()) {
        if (offsets.size <= remembered) {
          break
        }
        offsets.delete(oldest)
      }
      committed.commit(segment.committed ?? {})
    },
    offsetOf: (send) => offsets.get(send)
  }
}

const remembered = 10_000
