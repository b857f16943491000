import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import * as CausalOrder from "../../src/replication/CausalOrder.ts"
import type { VersionVector } from "../../src/replication/VersionVector.ts"

/** A thing that node `origin` did as its `number`th. */
interface Item {
  readonly after: VersionVector
  readonly origin: number
  readonly number: number
}

const size = 4

/** Nodes that do things, and the things that are on their way between them: in order from one node to another. */
const makeCluster = () => {
  const nodes = Array.from({ length: size }, (_, self) => {
    const applied: Array<Item> = []
    const order = CausalOrder.make<Item>(size, (item) => void applied.push(item))
    return { self, applied, order, inboxes: Array.from({ length: size }, (): Array<Item> => []) }
  })
  return {
    nodes,
    commit: (self: number) => {
      const { applied, order } = nodes[self]!
      const number = applied.filter(({ origin }) => origin === self).length
      const item = { origin: self, number, after: order.commit(self) }
      applied.push(item)
      for (const node of nodes) {
        if (node.self !== self) {
          node.inboxes[self]!.push(item)
        }
      }
    },
    receive: (self: number, from: number) => {
      const item = nodes[self]!.inboxes[from]!.shift()
      if (item !== undefined) {
        nodes[self]!.order.receive(item, from)
      }
    },
    drain: (order: ReadonlyArray<number>) => {
      for (const from of order) {
        for (const { inboxes, order } of nodes) {
          for (const item of inboxes[from]!.splice(0)) {
            order.receive(item, from)
          }
        }
      }
    }
  }
}

const Node = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: size - 1 }))
const Step = Schema.Union([Schema.Struct({ commit: Node }), Schema.Struct({ receive: Node, from: Node })])

describe("CausalOrder", () => {
  it("holds what comes before its cause, and applies both when that comes", () => {
    const applied: Array<string> = []
    const order = CausalOrder.make<CausalOrder.Caused & { readonly name: string }>(3, ({ name }, origin) =>
      applied.push(`${name} of ${origin}`)
    )
    order.receive({ name: "answer", after: [1, 0, 0] }, 1)
    order.receive({ name: "next", after: [1, 1, 0] }, 1)
    assert.deepStrictEqual(applied, [])
    order.receive({ name: "question", after: [0, 0, 0] }, 0)
    assert.deepStrictEqual(applied, ["question of 0", "answer of 1", "next of 1"])
    assert.deepStrictEqual(order.commit(2), [1, 2, 0])
    assert.deepStrictEqual(order.commit(2), [1, 2, 1])
  })

  it("lets what is independent pass", () => {
    const applied: Array<number> = []
    const order = CausalOrder.make<CausalOrder.Caused>(3, (_item, origin) => void applied.push(origin))
    order.receive({ after: [0, 0, 5] }, 0)
    order.receive({ after: [0, 0, 0] }, 1)
    assert.deepStrictEqual(applied, [1])
  })

  it.effect.prop(
    "applies everything once, and after its causes, however messages interleave",
    [Arbitrary.schema(Schema.Array(Step).check(Schema.isMaxLength(60))), Arbitrary.schema(Schema.Array(Node))],
    ([steps, order]) =>
      Effect.sync(() => {
        const { commit, drain, nodes, receive } = makeCluster()
        for (const step of steps) {
          if ("commit" in step) {
            commit(step.commit)
          } else if (step.receive !== step.from) {
            receive(step.receive, step.from)
          }
        }
        drain([...order, 0, 1, 2, 3])
        const all = nodes.flatMap(({ applied, self }) => applied.filter(({ origin }) => origin === self))
        for (const { applied } of nodes) {
          const counts = Array.from({ length: size }, () => 0)
          for (const { after, number, origin } of applied) {
            assert.strictEqual(number, counts[origin], "each node's in order, once")
            assert.isTrue(after.every((count, index) => index === origin || count <= counts[index]!))
            counts[origin]! += 1
          }
          assert.strictEqual(applied.length, all.length)
        }
      }),
    { arbitrary: { runs: 300 } }
  )
})
