/**
 * An eventually consistent key-value store (`lww-kv`): two replicas, each of which answers on its own. Now and then one
 * is merged into the other, and of two values of a key the one with the later Lamport timestamp wins; what the other
 * write did is lost.
 *
 * After `maelstrom.service/Eventual` and `LWWKV`. Like the latter it has no `create_if_not_exists`: a cas of a key that
 * does not exist fails. Maelstrom (as of 0.2.4) computes merges but drops their results, so that its replicas never
 * learn from each other; {@link Options.merges} chooses between what it means to do and what it does.
 */
import { Option, type Random, type Schema } from "effect"
import { canonical, same } from "../json/JsonValue.ts"
import * as Edn from "../json/Edn.ts"
import {
  keyDoesNotExist,
  type KeyValueRequest,
  preconditionFailed,
  readAnswer,
  swapped,
  written
} from "./KeyValueStore.ts"
import type { Answer, Service } from "./Service.ts"

/** Whether the store does what Maelstrom means to do, or what it does. */
export interface Options {
  /** Whether replicas are merged at all. By default they are. */
  readonly merges?: boolean
}

/**
 * Starts with no keys. `random` chooses with every request which replica is merged into which (often one into itself,
 * which is nothing), and then which one answers.
 */
export const make = (random: Random.Random, { merges = true }: Options = {}): Service<KeyValueRequest> => {
  const replicas = [emptyReplica(), emptyReplica()] as const
  const anyReplica = () => replicas[random.nextDoubleUnsafe() < 0.5 ? 0 : 1]
  return {
    handle: (_client, request) => {
      const source = anyReplica()
      const dest = anyReplica()
      if (merges && source !== dest) {
        merge(source, dest)
      }
      return carryOut(anyReplica(), request)
    }
  }
}

interface Entry {
  readonly timestamp: number
  readonly value: Schema.Json
}

interface Replica {
  /** Greater than the timestamp of every entry. */
  clock: number
  readonly entries: Map<string, Entry>
  /** The keys written here since this replica was last merged into the other: all that a merge has to look at. */
  readonly written: Set<string>
}

const emptyReplica = (): Replica => ({ clock: 0, entries: new Map(), written: new Set() })

const merge = (source: Replica, dest: Replica) => {
  dest.clock = Math.max(source.clock, dest.clock)
  for (const key of source.written) {
    const entry = source.entries.get(key)!
    const other = dest.entries.get(key)
    if (other === undefined || other.timestamp <= entry.timestamp) {
      dest.entries.set(key, entry)
    }
  }
  source.written.clear()
}

const carryOut = (replica: Replica, request: KeyValueRequest): Answer => {
  const key = canonical(request.key)
  const current = replica.entries.get(key)
  switch (request.type) {
    case "read":
      return readAnswer(Option.map(Option.fromUndefinedOr(current), ({ value }) => value))
    case "write":
      write(replica, key, request.value)
      return written
    case "cas":
      if (current === undefined) {
        return keyDoesNotExist
      }
      if (!same(current.value, request.from)) {
        return preconditionFailed(current.value, Edn.text(request.from))
      }
      write(replica, key, request.to)
      return swapped
  }
}

const write = (replica: Replica, key: string, value: Schema.Json) => {
  replica.entries.set(key, { timestamp: replica.clock++, value })
  replica.written.add(key)
}
