/**
 * The operations of the `kafka` workload's main phase: sends and polls, now and then a new assignment, and from time to
 * time the crash of a client.
 *
 * After the generators of `jepsen.tests.kafka`, with their probabilities.
 */
import { Duration, type Random } from "effect"
import * as Integer from "../../json/Integer.ts"
import * as Draw from "../../simulation/Draw.ts"
import * as UniqueWrites from "../UniqueWrites.ts"
import type { Generator, WorkloadOptions } from "../Workload.ts"
import { type Assign, crash, type KafkaInvocation, poll, send } from "./KafkaInvocation.ts"
import { highestOffsets, type KafkaOffsets, raise } from "./KafkaOffsets.ts"
import * as UnseenKeys from "./UnseenKeys.ts"

export interface KafkaGenerator extends Generator<KafkaInvocation> {
  /** The highest offset of every key that any client has sent to or polled from. */
  readonly knownOffsets: KafkaOffsets
}

export const make = (options: WorkloadOptions, random: Random.Random): KafkaGenerator => {
  const operations = UniqueWrites.make(random, options)
  const unseen = UnseenKeys.make()
  const knownOffsets = new Map<string, Integer.Integer>()
  const crashes = crashTimer(options.concurrency, random)
  let upcoming: UniqueWrites.ReadOrWrite | undefined

  const assign = (key: string): Assign => {
    if (unseen.keys.size === 0 || !Draw.chance(random, unseenProbability)) {
      return { f: "assign", value: [key] }
    }
    return {
      f: "assign",
      value: [...new Set([...unseen.keys.keys(), key])],
      // Of no use to the client, but it tells a reader of the history where these keys come from.
      unseen: Object.fromEntries(
        [...unseen.keys].map(([unread, { polled, sent }]) => [
          unread,
          { polled: Integer.toJson(polled), sent: Integer.toJson(sent) }
        ])
      )
    }
  }

  return {
    knownOffsets,

    next: () => {
      if (crashes.isDue()) {
        return crash
      }
      upcoming ??= operations.next()
      const key = String(upcoming.key)
      // The operation that was to come stays so, and most likely follows the assignment of its key.
      if (Draw.chance(random, assignProbability)) {
        return assign(key)
      }
      const operation = upcoming.f === "r" ? poll : send(key, upcoming.value)
      upcoming = undefined
      return operation
    },

    observe: (operation) => {
      crashes.advance(operation.time)
      const { polled, sent } = highestOffsets(operation)
      raise(knownOffsets, sent)
      raise(knownOffsets, polled)
      unseen.add(sent, polled)
    }
  }
}

const assignProbability = 1 / 64

/** How likely an assignment is to include the keys with records that nobody has polled yet. */
const unseenProbability = 1 / 3

/** Between two crashes of the same client, on average. */
const crashInterval = Duration.seconds(30)

/**
 * Says when a client is to crash: the first soon after the test begins, and after each the next within twice the mean
 * interval. Since a crash that is due vies with all other operations, each time it is asked for is even odds.
 */
const crashTimer = (concurrency: number, random: Random.Random) => {
  let nowNanos = 0
  let dueNanos = 0
  return {
    /** Moves the time on to that of a history entry: there is no other clock in a generator. */
    advance: (nanos: number) => {
      nowNanos = Math.max(nowNanos, nanos)
    },
    isDue: () => {
      if (nowNanos < dueNanos || Draw.chance(random, 1 / 2)) {
        return false
      }
      dueNanos =
        nowNanos + ((2 * Number(Duration.toNanosUnsafe(crashInterval))) / concurrency) * random.nextDoubleUnsafe()
      return true
    }
  }
}
