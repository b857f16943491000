import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import type { AnyRpc } from "../../src/protocol/Rpc.ts"
import { RpcServer } from "../../src/protocol/RpcServer.ts"
import { defaultStrategy } from "../../src/challenges/Challenge.ts"
import { official } from "../../src/challenges/Official.ts"
import { challenges } from "../../src/challenges/registry.ts"
import { workloads } from "../../src/workbench/workloads/Workloads.ts"
import * as TestNode from "../services/TestNode.ts"
import * as TestStore from "../services/TestStore.ts"

/** A server that also notes which calls it is given handlers for. */
const noting = (handled: Array<AnyRpc>) =>
  Layer.effect(
    RpcServer,
    Effect.map(RpcServer, (server) =>
      RpcServer.of({
        handle: (rpc, handler) => {
          handled.push(rpc)
          return server.handle(rpc, handler)
        }
      })
    )
  )

describe("registry", () => {
  it("has every challenge once, in the order of ids", () => {
    const ids = challenges.map(({ id }) => id)
    assert.deepStrictEqual(ids, [...new Set(ids)].toSorted())
    assert.includeMembers(ids, Object.keys(official))
  })

  it("runs every challenge as it is officially run", () => {
    for (const [id, asSet] of Object.entries(official)) {
      const { flags, limits, workload } = challenges.find((challenge) => challenge.id === id)!
      assert.deepStrictEqual<unknown>({ workload, flags, ...(limits && { limits }) }, asSet, id)
    }
  })

  it("has a strategy for every challenge that is used where none is asked for", () => {
    for (const challenge of challenges) {
      assert.isNotEmpty(challenge.title)
      assert.isDefined(challenge.strategies[defaultStrategy(challenge)], challenge.id)
    }
    const named = Object.fromEntries(challenges.map((challenge) => [challenge.id, defaultStrategy(challenge)]))
    assert.deepInclude(named, { "1": "echo", "2": "counter", "3a": "single-node" })
  })

  for (const { id, strategies, workload } of challenges) {
    for (const [name, { layer, summary }] of Object.entries(strategies)) {
      it.effect(`makes a node of ${id} with the strategy ${name}, which answers all calls of ${workload}`, () =>
        Effect.gen(function* () {
          assert.isNotEmpty(summary)
          const handled: Array<AnyRpc> = []
          const node = yield* TestNode.run(Layer.provide(layer, noting(handled)), {
            id: "n0",
            nodeIds: ["n0"],
            peers: { "lin-kv": TestStore.make().peer, "seq-kv": TestStore.make().peer }
          })
          assert.strictEqual((yield* node.init).type, "init_ok")
          assert.includeMembers(handled, [...workloads[workload].rpcs.calls])
        })
      )
    }
  }
})
