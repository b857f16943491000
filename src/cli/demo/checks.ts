/**
 * What is asked of each challenge, and what must be true of the answers.
 */
import { Array, Effect, Equal } from "effect"
import { Broadcast, Read, Topology } from "../../protocol/Broadcast.ts"
import { Echo } from "../../protocol/Echo.ts"
import type { RpcError } from "../../protocol/RpcError.ts"
import { Generate } from "../../protocol/UniqueIds.ts"
import type { Client } from "./Cluster.ts"

export interface Check {
  /** The challenge's id. */
  readonly challenge: string
  /** The challenge's default strategy if left out. */
  readonly strategy?: string
  readonly nodeCount: number
  readonly requests: number
  /** What must be true, in a few words. */
  readonly checked: string
  /** Sends the requests and tells whether it was true. */
  readonly run: (client: Client) => Effect.Effect<boolean, RpcError>
}

/** How many requests are under way at any time. */
const concurrency = 100

const echo: Check = {
  challenge: "1",
  nodeCount: 1,
  requests: 1000,
  checked: "every reply carries its request's payload",
  run: ({ call, nodeIds }) => {
    const payloads = Array.makeBy(1000, (i) => ({ text: `Please echo ${i}`, nested: [i, null, "✓"] }))
    return Effect.forEach(
      payloads,
      (payload) => Effect.map(call(Echo, nodeIds[0], { echo: payload }), ({ echo }) => Equal.equals(echo, payload)),
      { concurrency }
    ).pipe(Effect.map((replies) => replies.every(Boolean)))
  }
}

const uniqueIds = (strategy: string, requests: number): Check => ({
  challenge: "2",
  strategy,
  nodeCount: 3,
  requests,
  checked: "no id was handed out twice",
  run: ({ call, nodeIds }) =>
    Effect.forEach(
      Array.makeBy(requests, (i) => nodeIds[i % nodeIds.length]!),
      (node) => Effect.map(call(Generate, node, {}), ({ id }) => JSON.stringify(id)),
      { concurrency }
    ).pipe(Effect.map((ids) => new Set(ids).size === requests))
})

const broadcast: Check = {
  challenge: "3a",
  nodeCount: 1,
  requests: 1000,
  checked: "what was told is read, and nothing else",
  run: ({ call, nodeIds }) => {
    const [node] = nodeIds
    const values = Array.range(1, 998)
    return call(Topology, node, { topology: { [node]: [] } }).pipe(
      Effect.andThen(Effect.forEach(values, (message) => call(Broadcast, node, { message }), { concurrency })),
      Effect.andThen(call(Read, node, {})),
      Effect.map(({ messages }) => {
        const read = new Set(messages)
        return messages.length === values.length && values.every((value) => read.has(value))
      })
    )
  }
}

/** In the order in which they are run. */
export const checks: ReadonlyArray<Check> = [
  echo,
  uniqueIds("counter", 3000),
  uniqueIds("snowflake", 3000),
  uniqueIds("sequential", 100),
  broadcast
]
