/**
 * The end of a `kafka` test for one client: it starts afresh, and polls every log from its beginning until it has seen
 * all that is known to be there.
 *
 * After `FinalPolls` of `jepsen.tests.kafka`.
 */
import { Duration, type Random } from "effect"
import type { Generator } from "../Workload.ts"
import { type Assign, crash, type KafkaInvocation, poll } from "./KafkaInvocation.ts"
import { highestOffsets, type KafkaOffsets } from "./KafkaOffsets.ts"

/**
 * Polls until it has come to `known`: the highest offset of every key. With `lists` it looks at the committed offsets,
 * too, before it polls.
 */
export const make = (known: KafkaOffsets, random: Random.Random, lists = false): Generator<KafkaInvocation> => {
  const assign: Assign = {
    f: "assign",
    value: [...known.keys()].toSorted((left, right) => Number(left) - Number(right)),
    "seek-to-beginning": true,
    ...(lists && { final: true })
  }
  const awaited = new Map([...known].filter(([, offset]) => offset >= 0))
  let upcoming: KafkaInvocation = crash
  let nowNanos = 0
  let nextPollNanos = 0

  return {
    next: () => {
      if (awaited.size === 0) {
        return undefined
      }
      const operation = upcoming
      upcoming = operation === crash ? assign : finalPoll
      return operation
    },

    pause: () =>
      upcoming === finalPoll ? Duration.seconds(Math.max(0, nextPollNanos - nowNanos) / 1e9) : Duration.zero,

    observe: (operation) => {
      nowNanos = operation.time
      if (operation.f !== "poll") {
        return
      }
      if (operation.type === "invoke") {
        nextPollNanos = nowNanos + 2 * Number(Duration.toNanosUnsafe(pollInterval)) * random.nextDoubleUnsafe()
      } else if (operation.type === "info") {
        // Another client takes over. Jepsen's goes on to poll without an assignment, and so sees nothing more.
        upcoming = assign
      }
      for (const [key, offset] of highestOffsets(operation).polled) {
        if (offset >= (awaited.get(key) ?? Number.POSITIVE_INFINITY)) {
          awaited.delete(key)
        }
      }
    }
  }
}

/** Between two polls, on average. */
const pollInterval = Duration.millis(200)

/**
 * Real consumers would wait for records as long as `poll-ms` says. Ours do not, but Maelstrom records it all the same.
 */
const finalPoll: KafkaInvocation = { ...poll, "poll-ms": 1000 }
