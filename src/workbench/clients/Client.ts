/**
 * Opens clients on the simulated network, which call nodes and wait for their replies.
 */
import { Cause, Duration, Effect, Exit, Schema } from "effect"
import { explain } from "../../protocol/Malformed.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import * as PendingCalls from "../../services/PendingCalls.ts"
import * as Policy from "../../services/Policy.ts"
import type { Network } from "../network/Network.ts"
import { type Connection, MalformedReply } from "./Connection.ts"

/** How long a client waits for a reply, as in Maelstrom. */
const timeout = Duration.seconds(5)

/** Opens connections, each under a name that was not used before: `c0`, `c1`, … */
export const make = (network: Network): ((node: NodeId, wait?: Duration.Duration) => Connection) => {
  let opened = 0
  return (node, wait = timeout) => {
    const id = NodeId.make(`c${opened++}`)
    const calls = PendingCalls.make()
    network.attach(id, ({ body }) => {
      if (body.in_reply_to !== undefined) {
        Effect.runSync(calls.complete(body.in_reply_to, body))
      }
    })
    return {
      id,
      node,
      call: Effect.fnUntraced(function* (rpc, request) {
        const encode = Schema.encodeUnknownSync(rpc.request)
        const body = yield* calls
          .call(`${rpc.type} from ${node}`, (msg_id) =>
            Effect.suspend(() => {
              // Not held while the reply is waited for: the topology of a large cluster takes megabytes.
              const payload = encode(request) as { readonly [key: string]: Schema.Json }
              const invalid = network.send({ src: id, dest: node, body: { ...payload, type: rpc.type, msg_id } })
              return invalid === undefined ? Effect.void : Effect.die(invalid)
            })
          )
          .pipe(Effect.provideService(Policy.RpcTimeout, wait))
        const { in_reply_to: _inReplyTo, msg_id: _msgId, type, ...reply } = body
        if (type !== rpc.replyType) {
          return yield* new MalformedReply({ text: `expected ${rpc.replyType}, got ${JSON.stringify(body)}` })
        }
        const decoded = Schema.decodeUnknownExit(rpc.reply, { onExcessProperty: "error" })(reply)
        return Exit.isSuccess(decoded)
          ? (decoded.value as typeof rpc.reply.Type)
          : yield* new MalformedReply({ text: `${explain(Cause.squash(decoded.cause))}: ${JSON.stringify(body)}` })
      })
    }
  }
}
