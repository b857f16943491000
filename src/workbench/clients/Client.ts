/**
 * Opens clients on the simulated network, which call nodes and wait for their replies.
 */
import { Duration, Effect, Predicate, Result, Schema } from "effect"
import type { Body } from "../../protocol/Message.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import * as PendingCalls from "../../services/PendingCalls.ts"
import * as Policy from "../../services/Policy.ts"
import type { Network } from "../network/Network.ts"
import { answered, type Connection, MalformedReply } from "./Connection.ts"
import * as ReplyDecoder from "./ReplyDecoder.ts"

/** How long a client waits for a reply, as in Maelstrom. */
const timeout = Duration.seconds(5)

/** Opens connections, each under a name that was not used before: `c0`, `c1`, … */
export const make = (network: Network): ((node: NodeId, wait?: Duration.Duration) => Connection) => {
  let opened = 0
  return (node, wait = timeout) => {
    const id = NodeId.make(`c${opened++}`)
    const calls = PendingCalls.make()
    network.attach(id, (message) => {
      const { body } = message
      if (body.in_reply_to !== undefined) {
        const reply = body.type === "error" ? { ...message, body: asError(body) } : message
        Effect.runSync(calls.complete(body.in_reply_to, reply))
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
        const reply = ReplyDecoder.decode(rpc, node, body)
        return Result.isSuccess(reply) ? reply.success : yield* new MalformedReply({ text: reply.failure })
      })
    }
  }
}

/**
 * Maelstrom does not look at an error's form: a code that is none is one that it does not know, and any text will do.
 */
const asError = (body: Body): Body => {
  const { code, text = null } = body
  const said = text === null || Predicate.isString(text) ? (text ?? "") : JSON.stringify(text)
  return Number.isSafeInteger(code)
    ? { ...body, text: said, ...(code === 0 && { [answered]: true }) }
    : { ...body, code: unknownCode, text: `code is ${JSON.stringify(code) ?? "missing"}, expected an integer: ${said}` }
}

/** No error has this code. */
const unknownCode = -1
