/**
 * Forwards sends to the owners of their logs, each at most once as long as its owner does not start anew.
 *
 * A node that does not own a log passes a send on to the one that does, and does not repeat it when the answer fails to
 * come, since that could append it twice. Nor does it count twice where the network brings it twice: it has an id,
 * which the owner remembers together with its answer, in memory: one that has started anew takes a late copy for
 * another send. Where that must not be, the name is stored with the record (`StoredLog.ts`).
 */
import { Deferred, Effect, Schema } from "effect"
import { Offset, type Send } from "../../protocol/Kafka.ts"
import * as Rpc from "../../protocol/Rpc.ts"
import type { RpcError } from "../../protocol/RpcError.ts"
import type { Handler } from "../../protocol/RpcServer.ts"
import { Node } from "../../services/Node.ts"
import * as IdGenerator from "../../services/IdGenerator.ts"
import type { Ownership } from "./Ownership.ts"

/** Adds a record to a log of this node; its offset. */
export type Append = (key: string, record: Schema.Json) => Effect.Effect<number, RpcError>

/** The handler of sends, which `append` answers at the owner. Registers the RPC by which nodes pass them on. */
export const make = Effect.fnUntraced(function* (
  ownerOf: Ownership,
  append: Append
): Effect.fn.Return<Handler<typeof Send>, never, Node> {
  const node = yield* Node
  const nextId = yield* IdGenerator.make
  const answers = new Map<string, Deferred.Deferred<number, RpcError>>()

  // Not Effect's `Cache`, whose lookup knows the key alone: the record that is to be appended comes with the call.
  const once = (name: string, effect: Effect.Effect<number, RpcError>) =>
    Effect.suspend(() => {
      const known = answers.get(name)
      if (known !== undefined) {
        return Deferred.await(known)
      }
      const answer = Deferred.makeUnsafe<number, RpcError>()
      answers.set(name, answer)
      for (const oldest of answers.keys()) {
        if (answers.size <= remembered) {
          break
        }
        answers.delete(oldest)
      }
      return Effect.onExit(effect, (exit) => Deferred.done(answer, exit))
    })

  yield* node.handle(Forward, ({ key, msg, name }) =>
    Effect.map(once(name, append(key, msg)), (offset) => ({ offset }))
  )
  return Effect.fnUntraced(function* ({ key, msg }) {
    const owner = ownerOf(key)
    return yield* owner === node.id
      ? Effect.map(append(key, msg), (offset) => ({ offset }))
      : node.call(Forward, owner, { key, msg, name: nextId() })
  })
})

/** A send that was passed on. Its name is its own. */
const Forward = Rpc.make("forward_send", {
  request: { key: Schema.String, msg: Schema.Json, name: Schema.String },
  reply: { offset: Offset }
})

/** How many sends an owner recognises: those of some seconds, longer than a message can be under way. */
const remembered = 10_000
