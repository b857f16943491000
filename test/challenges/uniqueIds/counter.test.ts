import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { layer } from "../../../src/challenges/uniqueIds/counter.ts"
import * as TestNode from "../../services/TestNode.ts"

describe("unique ids by counter", () => {
  it.effect("are never handed out twice, by one node or by several", () =>
    Effect.gen(function* () {
      const nodeIds = ["n0", "n1", "n10"]
      const nodes = yield* Effect.forEach(nodeIds, (id) => TestNode.start(layer, { id, nodeIds }))
      const replies = yield* Effect.forEach(
        Array.from({ length: 900 }, (_, i) => nodes[i % nodes.length]!),
        (node) => node.ask({ type: "generate" }),
        { concurrency: 50 }
      )
      assert.strictEqual(new Set(replies.map(({ id }) => JSON.stringify(id))).size, 900)
      for (const node of nodes) {
        assert.isTrue(
          node.sent.every(({ dest }) => dest === "c1"),
          "no messages to anyone else"
        )
      }
    })
  )
})
