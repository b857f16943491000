/**
 * Attaches the services that every cluster finds on its network: `lin-kv`, `seq-kv`, `lww-kv` and `lin-tso`.
 *
 * After `maelstrom.service/default-services`. As there, requests are not checked: a field that is missing is null, and
 * every request is answered, one without `msg_id` by a reply whose `in_reply_to` is null. Only a request of an unknown
 * type raises an exception there, so that its sender waits in vain; ours answers with an error that says what is wrong.
 */
import type { Random } from "effect"
import type { Body } from "../../protocol/Message.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import { NotSupported, toBody } from "../../protocol/RpcError.ts"
import type { Network } from "../network/Network.ts"
import * as Eventual from "./Eventual.ts"
import * as KeyValueStore from "./KeyValueStore.ts"
import * as Linearizable from "./Linearizable.ts"
import * as Sequential from "./Sequential.ts"
import type { AnyRequest, Answer, Readers, Service } from "./Service.ts"
import * as TimestampOracle from "./TimestampOracle.ts"

/** The names under which the services are found. */
export const names = ["lin-kv", "seq-kv", "lww-kv", "lin-tso"] as const
/** One of {@link names}. */
export type ServiceName = (typeof names)[number]

/**
 * Which of the states that it may show `seq-kv` shows: `maelstrom`, a random one of its last, as Maelstrom's does;
 * `stale`, the oldest.
 */
export const staleness = ["maelstrom", "stale"] as const
export type Staleness = (typeof staleness)[number]

export interface Options {
  readonly lwwKv?: Eventual.Options
  readonly kv?: Staleness
}

/**
 * Lets the services answer on the network, all of them empty. `random` gives each that needs it a source of its own.
 * Unknown types of requests are answered with `NotSupported` (10).
 */
export const attach = (
  network: Network,
  random: (service: ServiceName) => Random.Random,
  { kv = "maelstrom", lwwKv = {} }: Options = {}
): void => {
  const { machine, readers } = KeyValueStore
  serve(network, "lin-kv", readers, Linearizable.make(machine))
  serve(
    network,
    "seq-kv",
    readers,
    kv === "stale" ? Sequential.stalest(machine) : Sequential.make(machine, random("seq-kv"))
  )
  serve(network, "lww-kv", readers, Eventual.make(random("lww-kv"), lwwKv))
  serve(network, "lin-tso", TimestampOracle.readers, Linearizable.make(TimestampOracle.machine))
}

const serve = <Request extends AnyRequest>(
  network: Network,
  name: ServiceName,
  readers: Readers<Request>,
  service: Service<Request>
) => {
  const id = NodeId.make(name)
  const readerOf = new Map<string, (body: Body) => Request>(Object.entries(readers))

  const answer = (client: NodeId, body: Body): Answer => {
    const read = readerOf.get(body.type)
    if (read !== undefined) {
      return service.handle(client, read(body))
    }
    const known = [...readerOf.keys()].join(", ")
    return toBody(new NotSupported({ text: `${name} knows no ${body.type}, only ${known}` }))
  }

  network.attach(id, ({ body, src }) => {
    // What a node sends is its own affair, so that its ids are answered as they are, whatever they are.
    const in_reply_to = (body.msg_id ?? null) as NonNullable<Body["in_reply_to"]>
    // Whoever asked is on the network, so that its answer finds it.
    network.send({ src: id, dest: src, body: { ...answer(src, body), in_reply_to } })
  })
}
