import { Context, Effect, Option, Schema } from "effect"
import { LinKv } from "../../src/services/Kv.ts"
import * as TestNode from "./TestNode.ts"
import type { TestPeer } from "./TestTransport.ts"

/** A node's view of `lin-kv` as counters by name, where the store is played by `peer`. */
export const counters = Effect.fnUntraced(function* (peer: TestPeer, id = "n1") {
  const { context, node } = yield* TestNode.services({ id, peers: { "lin-kv": peer } })
  const kv = Context.get(context, LinKv).collection({ key: Schema.String, value: Schema.Int })
  return Object.assign(kv, { node })
})

/** Those of a node's messages that are of a type. */
export const sentOf = (node: TestNode.TestNode, type: string) => node.sent.filter(({ body }) => body.type === type)

/** Counts from 1. */
export const increment = Option.match({ onNone: () => 1, onSome: (n: number) => n + 1 })
