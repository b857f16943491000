/**
 * What clients accept for a reply, call by call and field by field: all that Maelstrom's clients accept, and nothing
 * else.
 *
 * After the schemas of `maelstrom.workload.*` and `maelstrom.client/defrpc`. A node of ours promises more than that, in
 * `src/protocol`; what others answer is read by these.
 *
 * - The type is the request's with `_ok`. A `msg_id` may be there, and is an integer. Other keys than those named here
 *   are refused, and none may be missing.
 * - Integers are of any size and sign, but not written as floats: `3.0` is none.
 * - A list may be null, and is then empty: what a program in Go makes of a slice that was never appended to. An object
 *   may not.
 * - Where anything goes, null does, too.
 */
import { Schema } from "effect"
import * as BroadcastProtocol from "../../protocol/Broadcast.ts"
import * as CounterProtocol from "../../protocol/Counter.ts"
import * as EchoProtocol from "../../protocol/Echo.ts"
import * as InitProtocol from "../../protocol/Init.ts"
import * as KafkaProtocol from "../../protocol/Kafka.ts"
import type { Rpc } from "../../protocol/Rpc.ts"
import * as TxnProtocol from "../../protocol/Txn.ts"
import * as UniqueIdsProtocol from "../../protocol/UniqueIds.ts"
import * as Integer from "../json/Integer.ts"

const must = <S extends Schema.Top>(schema: S, expected: string) =>
  schema.annotate({ expected }).annotateKey({ messageMissingKey: expected })

const anything = must(Schema.Unknown, "any JSON")

const integer = must(Integer.Json, "an integer")

const listOf = <A, I>(item: Schema.Codec<A, I>) => must(Schema.NullOr(Schema.Array(item)), "a list")

/** Its elements are not looked at, of which there may be thousands in every reply. */
const list = must(
  Schema.declare((json): json is ReadonlyArray<unknown> | null => json === null || Array.isArray(json)),
  "a list"
)

const byKey = <A, I>(value: Schema.Codec<A, I>) => must(Schema.Record(Schema.String, value), "an object")

/** The call with other fields in its reply. */
const accepting = <Type extends string, Request extends Schema.Struct.Fields, Reply extends Schema.Struct.Fields>(
  rpc: Rpc<Type, Request>,
  fields: Reply
) => ({ ...rpc, reply: Schema.Struct({ ...fields, msg_id: Schema.optionalKey(integer) }) })

/** The answer to `init` may hold anything else: Maelstrom looks at its type alone. */
export const Init = { ...InitProtocol.Init, reply: Schema.Record(Schema.String, anything) }

export const Echo = { echo: accepting(EchoProtocol.Echo.echo, { echo: anything }) }

export const Broadcast = {
  topology: accepting(BroadcastProtocol.Topology, {}),
  broadcast: accepting(BroadcastProtocol.Broadcast.broadcast, {}),
  read: accepting(BroadcastProtocol.Read, { messages: list })
}

/** Maelstrom's client takes the value for one of 64 bits, and ends with an exception where it is not. */
export const Counter = {
  add: accepting(CounterProtocol.Add, {}),
  read: accepting(CounterProtocol.Read, {
    value: must(
      Schema.declare((json): json is Integer.Json => Integer.isInteger(json) && is64Bits(Integer.fromJson(json))),
      "an integer of 64 bits"
    )
  })
}

const is64Bits = (value: Integer.Integer) => value >= -(2n ** 63n) && value < 2n ** 63n

/** An id may be anything. */
export const UniqueIds = { generate: accepting(UniqueIdsProtocol.Generate, { id: anything }) }

const offsets = byKey(integer)

/** Offsets may be negative; what a node has answered may be asked for again. */
export const Kafka = {
  send: accepting(KafkaProtocol.Send, { offset: integer }),
  poll: {
    ...accepting(KafkaProtocol.Poll, {
      msgs: byKey(listOf(must(Schema.Tuple([integer, anything]), "an offset and a message")))
    }),
    request: Schema.Struct({ offsets })
  },
  commitOffsets: {
    ...accepting(KafkaProtocol.CommitOffsets, {}),
    request: Schema.Struct({ offsets })
  },
  listCommittedOffsets: accepting(KafkaProtocol.ListCommittedOffsets, { offsets })
}

/** Keys and values may be anything, and whether the transaction is the one that was asked for is not looked at here. */
export const Txn = {
  txn: accepting(TxnProtocol.Txn.txn, {
    txn: listOf(must(Schema.Tuple([Schema.Literals(["r", "w"]), anything, anything]), "a micro-operation"))
  })
}
