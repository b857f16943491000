/**
 * The keys that have records which no poll has returned yet.
 *
 * After `PollUnseen` of `jepsen.tests.kafka`.
 */
import * as Integer from "../../json/Integer.ts"
import type { KafkaOffsets } from "./KafkaOffsets.ts"

/** The highest offsets that were polled and sent. -1: none since polls last caught up. */
export interface Unseen {
  readonly polled: Integer.Integer
  readonly sent: Integer.Integer
}

export interface UnseenKeys {
  /** Takes note of what an operation sent and polled. */
  add(sent: KafkaOffsets, polled: KafkaOffsets): void

  /** The keys with unseen records, in the order in which they came to have some. */
  readonly keys: ReadonlyMap<string, Unseen>
}

export const make = (): UnseenKeys => {
  const keys = new Map<string, Unseen>()
  return {
    keys,
    add: (sent, polled) => {
      for (const key of new Set([...sent.keys(), ...polled.keys()])) {
        const before = keys.get(key)
        const after = {
          polled: Integer.max(before?.polled ?? -1, polled.get(key) ?? -1),
          sent: Integer.max(before?.sent ?? -1, sent.get(key) ?? -1)
        }
        if (after.polled < after.sent) {
          keys.set(key, after)
        } else {
          keys.delete(key)
        }
      }
    }
  }
}
