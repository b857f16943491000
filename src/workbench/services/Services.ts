/**
 * Attaches the services that every cluster finds on its network: `lin-kv`, `seq-kv`, `lww-kv` and `lin-tso`.
 *
 * After `maelstrom.service/default-services`, save that Maelstrom's services do not check requests: one of an unknown
 * type raises an exception in them, so that its sender waits in vain, and a key that is missing is taken for `null`.
 * Ours answer either with an error that says what is wrong.
 */
import { type Random, Result, Schema } from "effect"
import * as KeyValue from "../../protocol/KeyValue.ts"
import { explain } from "../../protocol/Malformed.ts"
import type { Message } from "../../protocol/Message.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import type { AnyRpc } from "../../protocol/Rpc.ts"
import { MalformedRequest, NotSupported, toBody } from "../../protocol/RpcError.ts"
import { Timestamp } from "../../protocol/TimestampOracle.ts"
import type { Network } from "../network/Network.ts"
import * as Eventual from "./Eventual.ts"
import * as KeyValueStore from "./KeyValueStore.ts"
import * as Linearizable from "./Linearizable.ts"
import * as Sequential from "./Sequential.ts"
import type { Answer, Service, ServiceRequest } from "./Service.ts"
import * as TimestampOracle from "./TimestampOracle.ts"

/** The names under which the services are found. */
export const names = ["lin-kv", "seq-kv", "lww-kv", "lin-tso"] as const
/** One of {@link names}. */
export type ServiceName = (typeof names)[number]

/**
 * Lets the services answer on the network, all of them empty. `random` gives each that needs it a source of its own.
 *
 * Unknown types of requests are answered with `NotSupported` (10), malformed ones with `MalformedRequest` (12), and
 * those without `msg_id` are carried out but not answered.
 */
export const attach = (
  network: Network,
  random: (service: ServiceName) => Random.Random,
  lwwKv: Eventual.Options = {}
): void => {
  serve(network, "lin-kv", keyValueRpcs, Linearizable.make(KeyValueStore.machine))
  serve(network, "seq-kv", keyValueRpcs, Sequential.make(KeyValueStore.machine, random("seq-kv")))
  serve(network, "lww-kv", keyValueRpcs, Eventual.make(random("lww-kv"), lwwKv))
  serve(network, "lin-tso", [Timestamp], Linearizable.make(TimestampOracle.machine))
}

const keyValueRpcs = [KeyValue.Read, KeyValue.Write, KeyValue.Cas]

const serve = <R extends AnyRpc>(
  network: Network,
  name: ServiceName,
  rpcs: ReadonlyArray<R>,
  service: Service<ServiceRequest<R>>
) => {
  const id = NodeId.make(name)
  const decoders = new Map(rpcs.map((rpc) => [rpc.type, Schema.decodeUnknownResult(rpc.request)]))

  const answer = ({ body, src }: Message): Answer => {
    const decode = decoders.get(body.type)
    if (decode === undefined) {
      const known = [...decoders.keys()].join(", ")
      return toBody(new NotSupported({ text: `${name} knows no ${body.type}, only ${known}` }))
    }
    const payload = decode(body)
    return Result.isFailure(payload)
      ? toBody(new MalformedRequest({ text: explain(payload.failure) }))
      : service.handle(src, { ...(payload.success as object), type: body.type } as ServiceRequest<R>)
  }

  network.attach(id, (message) => {
    const { msg_id } = message.body
    const body = answer(message)
    if (msg_id !== undefined) {
      // Whoever asked is on the network, so that its answer finds it.
      network.send({ src: id, dest: message.src, body: { ...body, in_reply_to: msg_id } })
    }
  })
}
