/**
 * Brings sends to the owners of their logs, each at most once.
 *
 * A node that does not own a log passes a send on to the one that does, and does not repeat it when the answer fails to
 * come, since that could append it twice. Nor does it count twice where the network brings it twice: it has a name, which
 * the owner remembers together with its answer.
 */
import { Deferred, Effect, Layer, Schema } from "effect"
import * as Kafka from "../../protocol/Kafka.ts"
import * as Rpc from "../../protocol/Rpc.ts"
import type { RpcError } from "../../protocol/RpcError.ts"
import { Node } from "../../services/Node.ts"
import * as UniqueNames from "../../services/UniqueNames.ts"
import type { Ownership } from "./Ownership.ts"

/** Adds a record to a log of this node; its offset. */
export type Append = (key: string, record: Schema.Json) => Effect.Effect<number, RpcError>

/** Answers sends, by `append` at the owner. */
export const layer = (ownerOf: Ownership, append: Append): Layer.Layer<never, never, Node> =>
  Layer.unwrap(
    Effect.gen(function* () {
      const node = yield* Node
      const nextName = yield* UniqueNames.make
      const answers = new Map<string, Deferred.Deferred<number, RpcError>>()

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

      return Layer.mergeAll(
        Node.serve(
          Kafka.Send,
          Effect.fnUntraced(function* ({ key, msg }) {
            const owner = ownerOf(key)
            return yield* owner === node.id
              ? Effect.map(append(key, msg), (offset) => ({ offset }))
              : node.call(Forward, owner, { key, msg, name: nextName() })
          })
        ),
        Node.serve(Forward, ({ key, msg, name }) => Effect.map(once(name, append(key, msg)), (offset) => ({ offset })))
      )
    })
  )

/** A send that was passed on. Its name is its own. */
const Forward = Rpc.make("forward_send", {
  request: { key: Schema.String, msg: Schema.Json, name: Schema.String },
  reply: { offset: Kafka.Offset }
})

/** How many sends an owner recognises: those of some seconds, longer than a message can be under way. */
const remembered = 10_000
