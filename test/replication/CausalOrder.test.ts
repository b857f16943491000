import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { NodeId } from "../../src/protocol/NodeId.ts"
import * as CausalOrder from "../../src/replication/CausalOrder.ts"

/** A thing that a log has as its `number`th, after what its node had applied: how many of each log. */
interface Item extends CausalOrder.Caused {
  readonly number: number
  readonly causes: ReadonlyArray<number>
}

const size = 4

const log = (index: number, incarnation = 1) => ({ node: NodeId.make(`n${index}`), incarnation })
const after = (index: number, count: number, incarnation = 1) => [NodeId.make(`n${index}`), incarnation, count] as const

/** Nodes that do things, and the things that are on their way between them: in order from one node to another. */
const makeCluster = () => {
  const make = (self: number) => {
    const applied: Array<Item & { readonly origin: number }> = []
    const order = CausalOrder.make<Item>((item, { node }) => {
      applied.push({ ...item, origin: Number(node.slice(1)) })
    })
    return {
      self,
      applied,
      order,
      inboxes: Array.from({ length: size }, (): Array<Item> => []),
      /** How many of each log have arrived, applied or not. */
      counts: Array.from({ length: size }, () => 0)
    }
  }
  const nodes = Array.from({ length: size }, (_, self) => make(self))
  const countOf = (applied: ReadonlyArray<{ readonly origin: number }>) =>
    Array.from({ length: size }, (_, index) => applied.filter(({ origin }) => origin === index).length)
  const take = (self: number, from: number, item: Item | undefined) => {
    if (item !== undefined) {
      nodes[self]!.counts[from]! += 1
      nodes[self]!.order.receive(item, log(from))
    }
  }
  return {
    nodes,
    commit: (self: number) => {
      const { applied, counts, order } = nodes[self]!
      const causes = countOf(applied)
      const item = { number: causes[self]!, after: order.commit(log(self)), causes }
      applied.push({ ...item, origin: self })
      counts[self]! += 1
      for (const node of nodes) {
        if (node.self !== self) {
          node.inboxes[self]!.push(item)
        }
      }
    },
    receive: (self: number, from: number) => take(self, from, nodes[self]!.inboxes[from]!.shift()),
    /** A node takes another one's state over, with all that it counts. */
    merge: (self: number, from: number) => {
      const [to, source] = [nodes[self]!, nodes[from]!]
      for (const item of source.applied) {
        if (to.applied.every(({ number, origin }) => number !== item.number || origin !== item.origin)) {
          to.applied.push(item)
        }
      }
      to.order.merge(source.order.take())
      for (const [index, inbox] of to.inboxes.entries()) {
        const ahead = Math.max(0, source.counts[index]! - to.counts[index]!)
        inbox.splice(0, ahead)
        to.counts[index]! += ahead
      }
    },
    drain: (order: ReadonlyArray<number>) => {
      for (const from of order) {
        for (const { inboxes, self } of nodes) {
          for (const item of inboxes[from]!.splice(0)) {
            take(self, from, item)
          }
        }
      }
    }
  }
}

const Node = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: size - 1 }))
const Step = Schema.Union([
  Schema.Struct({ what: Schema.Literal("commit"), node: Node, other: Node }),
  Schema.Struct({ what: Schema.Literals(["receive", "receive", "merge"]), node: Node, other: Node })
])

describe("CausalOrder", () => {
  it("holds what comes before its cause, and applies both when that comes", () => {
    const applied: Array<string> = []
    const order = CausalOrder.make<CausalOrder.Caused & { readonly name: string }>(({ name }, { node }) =>
      applied.push(`${name} of ${node}`)
    )
    order.receive({ name: "answer", after: [after(0, 1)] }, log(1))
    order.receive({ name: "next", after: [] }, log(1))
    assert.deepStrictEqual(applied, [])
    order.receive({ name: "question", after: [] }, log(0))
    assert.deepStrictEqual(applied, ["question of n0", "answer of n1", "next of n1"])
    // A cause is named once.
    assert.deepStrictEqual(order.commit(log(2)), [after(0, 1), after(1, 2)])
    assert.deepStrictEqual(order.commit(log(2)), [])
    order.receive({ name: "more", after: [] }, log(0))
    assert.deepStrictEqual(order.commit(log(2)), [after(0, 2)])
  })

  it("lets what is independent pass", () => {
    const applied: Array<string> = []
    const order = CausalOrder.make<CausalOrder.Caused>((_item, { node }) => void applied.push(node))
    order.receive({ after: [after(2, 5)] }, log(0))
    order.receive({ after: [] }, log(1))
    assert.deepStrictEqual(applied, ["n1"])
  })

  it("tells a node's log from that of its earlier incarnation, and names that as a cause", () => {
    const applied: Array<string> = []
    const order = CausalOrder.make<CausalOrder.Caused & { readonly name: string }>(({ name }) => applied.push(name))
    order.receive({ name: "late", after: [after(0, 2, 1)] }, log(1))
    order.receive({ name: "new", after: [] }, log(0, 2))
    order.receive({ name: "newer", after: [] }, log(0, 2))
    assert.deepStrictEqual(applied, ["new", "newer"])
    order.commit(log(2, 1))
    assert.deepStrictEqual(order.commit(log(2, 2)), [after(2, 1, 1)])
  })

  it("waits no longer for what nobody has when the log is retired", () => {
    const applied: Array<string> = []
    const order = CausalOrder.make<CausalOrder.Caused & { readonly name: string }>(({ name }) => applied.push(name))
    order.receive({ name: "first", after: [] }, log(0))
    order.receive({ name: "held", after: [after(0, 2)] }, log(1))
    order.retire(log(0))
    assert.deepStrictEqual(applied, ["first", "held"])
    // Nor does what names it later, also where only the retirement was told in a snapshot.
    order.receive({ name: "later", after: [after(0, 9)] }, log(1))
    const other = CausalOrder.make<CausalOrder.Caused & { readonly name: string }>(({ name }) => applied.push(name))
    other.merge(order.take())
    other.receive({ name: "there", after: [after(0, 9)] }, log(1))
    assert.deepStrictEqual(applied.slice(2), ["later", "there"])
  })

  it.effect.prop(
    "applies everything once, and after its causes, however messages interleave and states are taken over",
    [Arbitrary.schema(Schema.Array(Step).check(Schema.isMaxLength(60))), Arbitrary.schema(Schema.Array(Node))],
    ([steps, order]) =>
      Effect.sync(() => {
        const { commit, drain, merge, nodes, receive } = makeCluster()
        for (const { node, other, what } of steps) {
          if (what === "commit") {
            commit(node)
          } else if (node !== other) {
            const act = what === "merge" ? merge : receive
            act(node, other)
          }
        }
        drain([...order, 0, 1, 2, 3])
        const all = nodes.flatMap(({ applied, self }) => applied.filter(({ origin }) => origin === self))
        for (const { applied } of nodes) {
          const counts = Array.from({ length: size }, () => 0)
          for (const { causes, number, origin } of applied) {
            assert.strictEqual(number, counts[origin], "each node's in order, once")
            assert.isTrue(causes.every((count, index) => count <= counts[index]!))
            counts[origin]! += 1
          }
          assert.strictEqual(applied.length, all.length)
        }
      }),
    { arbitrary: { runs: 300 } }
  )
})
