/**
 * The node `n1` of three, alone with messages that a test sends it in the names of the others.
 */
import { Context, Effect, Layer, Schema } from "effect"
import { Node } from "../../src/services/Node.ts"
import { Storage } from "../../src/services/Storage.ts"
import * as Flush from "../../src/replication/Flush.ts"
import * as Replication from "../../src/replication/Replication.ts"
import * as Topology from "../../src/replication/Topology.ts"
import * as LogRecorder from "../services/LogRecorder.ts"
import * as TestNode from "../services/TestNode.ts"
import { settle, type TestBody } from "../services/TestTransport.ts"

/** Nothing of the logs of all three. */
export const none = [0, 0, 0]

/** A node which replicates integers, and which these messages can be sent to. */
export const start = Effect.fnUntraced(function* (topology: Topology.Topology = Topology.direct) {
  const logs = LogRecorder.make()
  const { context, node } = yield* TestNode.services({ id: "n1", nodeIds: ["n0", "n1", "n2"], settings: logs.layer })
  const delivered: Array<readonly [string, number]> = []
  const merged: Array<number> = []
  const replication = yield* Replication.make({
    name: "numbers",
    item: Schema.Int,
    topology,
    flush: Flush.immediately,
    deliver: (item, origin) => void delivered.push([origin.node, item]),
    snapshots: { element: Schema.Int, take: () => [7], merge: (elements) => void merged.push(...elements) }
  }).pipe(Effect.provide([Layer.succeed(Node, Context.get(context, Node)), Storage.layerNone, logs.layer]))
  // What it asks when it starts is none of a test's answers.
  const before = node.sent.length
  /** One log of each node, and of this one the present, so that vectors count n0, n1, n2. */
  const view = {
    logs: [
      [0, 1],
      [1, replication.origin.incarnation],
      [2, 1]
    ]
  }
  const send = (src: string, body: { readonly [key: string]: unknown }, type = "replicate numbers") => {
    const { have = none } = body
    const isCounts = Array.isArray(have) && typeof have[0] === "number"
    const full = { entries: [], ...body, have: isCounts ? [view, have] : have, type }
    return Effect.andThen(node.deliver(src, "n1", full as TestBody), settle)
  }
  const sentTo = (dest: string) =>
    node.sent
      .slice(before)
      .filter(({ body, dest: to }) => to === dest && body.type.startsWith("replicate"))
      .map(({ body }) => body)
  const warnings = () => logs.entries.filter(({ level }) => level === "Warn").map(({ text }) => text)
  return Object.assign(replication, { delivered, merged, node, send, sentTo, view, warnings })
})

/** The counts that a message tells. */
export const countsIn = (body: { readonly [key: string]: unknown } | undefined) =>
  (body!["have"] as [unknown, unknown])[1]
