import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import type { Message } from "../../../src/protocol/Message.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import * as Network from "../../../src/workbench/network/Network.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"
import * as VirtualTime from "../../../src/workbench/simulation/VirtualTime.ts"
import { simulate } from "../simulation/simulate.ts"

const n0 = NodeId.make("n0")
const n1 = NodeId.make("n1")
const n2 = NodeId.make("n2")
const c0 = NodeId.make("c0")

const Instant = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 200 }))

const millis = (count: number) => count * 1_000_000

/** A network with four members and a latency of 100 ms, and what arrives at each: who sent what, and when. */
const makeCluster = (options: Partial<Network.NetworkOptions> = {}) => {
  const time = VirtualTime.make()
  const received: Array<readonly [dest: string, name: string, millis: number]> = []
  const network = Network.make(time, Seeds.random("0", "network"), {
    latency: "100 millis",
    latencyDistribution: "constant",
    ...options
  })
  for (const id of [n0, n1, n2, c0]) {
    network.attach(id, ({ body }) => void received.push([id, body.type, time.nowNanos() / 1_000_000]))
  }
  const send = (src: NodeId, dest: NodeId, type: string) => network.send({ src, dest, body: { type } })
  /** Does things at some milliseconds, and lets everything happen that comes of them. */
  const at = (...events: ReadonlyArray<readonly [millis: number, event: () => void]>) => {
    for (const [after, event] of events) {
      time.after(millis(after), event)
    }
    return simulate(time, Effect.sleep("1 minute"))
  }
  return { time, network, received, send, at }
}

describe("Network", () => {
  it.effect("judges a partition when a message is taken, up to a latency before it is due", () =>
    Effect.gen(function* () {
      const { at, network, received, send } = makeCluster()
      yield* at(
        [0, () => send(n0, n1, "taken before the partition and due during it")],
        [50, () => network.drop(n0, n1)],
        [60, () => send(n0, n1, "sent and taken during the partition, when the one before arrives")],
        [180, () => send(n0, n1, "taken during the partition and due after it")],
        [200, () => network.heal()],
        [210, () => send(n0, n1, "sent and due after the partition")]
      )
      assert.deepStrictEqual(received, [
        ["n1", "taken before the partition and due during it", 100],
        ["n1", "sent and due after the partition", 310]
      ])
    })
  )

  it.effect("holds up what is sent during a partition until its receiver takes it, and judges it then", () =>
    Effect.gen(function* () {
      const { at, network, received, send } = makeCluster()
      yield* at(
        [0, () => send(n2, n1, "waited for")],
        [10, () => network.drop(n0, n1)],
        [20, () => send(n0, n1, "sent during the partition and taken after it")],
        [30, () => network.heal()]
      )
      assert.deepStrictEqual(received, [
        ["n1", "waited for", 100],
        ["n1", "sent during the partition and taken after it", 120]
      ])
    })
  )

  it.effect("holds up a client's request, and a node's reply to it, behind the message that is waited for", () =>
    Effect.gen(function* () {
      const { at, received, send } = makeCluster()
      yield* at(
        [0, () => send(n0, n1, "waited for")],
        [10, () => send(c0, n1, "request")],
        [20, () => send(n0, n1, "behind both")],
        [30, () => send(n1, c0, "reply")]
      )
      assert.deepStrictEqual(received, [
        ["c0", "reply", 30],
        ["n1", "waited for", 100],
        ["n1", "request", 100],
        ["n1", "behind both", 120]
      ])
    })
  )

  it.effect("waits for both of two copies, each of which holds up the other messages", () =>
    Effect.gen(function* () {
      const { at, network, received, send, time } = makeCluster({ latencyDistribution: "uniform" })
      network.faults = { ...network.faults, duplicate: 1 }
      yield* at(
        [0, () => send(n0, n1, "twice")],
        [1, () => Array.from({ length: 200 }, (_, index) => time.after(millis(index), () => send(c0, n1, "request")))]
      )
      const copies = received.flatMap(([, name, at]) => (name === "twice" ? [at] : []))
      assert.lengthOf(copies, 2)
      const requests = received.flatMap(([, name, at]) => (name === "request" && at < copies[1]! ? [at] : []))
      assert.deepStrictEqual([...new Set(requests)], [copies[0]])
    })
  )

  it.effect("judges a partition when a message is due, not when it is sent, on the ideal network", () =>
    Effect.gen(function* () {
      const { at, network, received, send } = makeCluster({ model: "ideal" })
      yield* at(
        [0, () => send(n0, n1, "sent before and due during the partition")],
        [50, () => network.drop(n0, n1)],
        [60, () => send(n0, n1, "sent and due during the partition")],
        [180, () => send(n0, n1, "sent during the partition and due after it")],
        [200, () => network.heal()],
        [210, () => send(n0, n1, "sent and due after the partition")]
      )
      assert.deepStrictEqual(received, [
        ["n1", "sent during the partition and due after it", 280],
        ["n1", "sent and due after the partition", 310]
      ])
    })
  )

  it.effect.prop(
    "delivers each message when it is due unless its link is cut then, on the ideal network",
    [
      Schema.Array(Schema.Struct({ src: Schema.Literals([n0, n2, c0]), at: Instant })),
      Schema.Array(Schema.Struct({ src: Schema.Literals([n0, n2]), at: Instant }))
    ],
    ([messages, cuts]) =>
      Effect.gen(function* () {
        const { at, network, received, send } = makeCluster({ model: "ideal" })
        yield* at(
          ...cuts.map((cut) => [cut.at, () => network.drop(cut.src, n1)] as const),
          ...messages.map((message, order) => [message.at, () => send(message.src, n1, String(order))] as const)
        )
        const due = messages.flatMap(({ at, src }, order) => {
          const due = src === c0 ? at : at + 100
          return cuts.some((cut) => cut.src === src && cut.at <= due) ? [] : [["n1", String(order), due] as const]
        })
        assert.sameDeepMembers(received, due)
        assert.deepStrictEqual(
          received.map(([, , at]) => at),
          due.map(([, , at]) => at).toSorted((one, other) => one - other)
        )
      })
  )

  it.effect("cuts a link in one direction at a time", () =>
    Effect.gen(function* () {
      const { at, network, received, send } = makeCluster()
      network.drop(n0, n1)
      yield* at([0, () => send(n0, n1, "there")], [1, () => send(n1, n0, "back")])
      assert.deepStrictEqual(received, [["n0", "back", 101]])
    })
  )

  it.effect("does not share a message's body with its sender or its receiver", () =>
    Effect.gen(function* () {
      const { at, network } = makeCluster()
      const got: Array<Message> = []
      network.attach(n1, (message) => void got.push(message))
      const body = { type: "list", items: [1] }
      yield* at([0, () => network.send({ src: n0, dest: n1, body })], [1, () => body.items.push(2)])
      ;(got[0]!.body["items"] as Array<number>).push(3)
      assert.deepStrictEqual(
        network.journal.map(({ message }) => message.body["items"]),
        [[1], [1]]
      )
    })
  )

  it.effect("journals every send and receipt with its time and size", () =>
    Effect.gen(function* () {
      // Where a request overtakes what was sent before it.
      const { at, network, send } = makeCluster({ model: "ideal" })
      yield* at([5, () => send(n0, n1, "x")], [7, () => send(c0, n1, "y")])
      assert.deepStrictEqual(
        network.journal.map(({ event, message, size, timeNanos }) => [event, message.id, size, timeNanos]),
        [
          ["send", 0, 12, millis(5)],
          ["send", 1, 12, millis(7)],
          ["recv", 1, 12, millis(7)],
          ["recv", 0, 12, millis(105)]
        ]
      )
    })
  )

  it.effect("returns what is wrong with what is sent to nobody, and carries on", () =>
    Effect.gen(function* () {
      const { at, network, received, send } = makeCluster()
      const returned: Array<string | undefined> = []
      yield* at(
        [0, () => returned.push(send(n0, NodeId.make("n7"), "lost")?.message)],
        [0, () => returned.push(send(n0, n1, "found")?.message)]
      )
      assert.deepStrictEqual(returned, ['n0 sent a message to n7, which does not exist: {"type":"lost"}', undefined])
      assert.deepStrictEqual(received, [["n1", "found", 100]])
      assert.strictEqual(network.journal.length, 2)
    })
  )

  it.effect.each(["constant", "uniform", "exponential"] as const)(
    "has %s latencies of the mean that is asked for",
    (latencyDistribution) =>
      Effect.gen(function* () {
        const { at, received, send } = makeCluster({ latencyDistribution })
        const count = 4000
        yield* at([0, () => Array.from({ length: count }, (_, index) => send(n0, n1, String(index)))])
        const latencies = received.map(([, , at]) => at)
        const mean = latencies.reduce((sum, latency) => sum + latency, 0) / count
        const greatest = Math.max(...latencies)
        assert.strictEqual(latencies.length, count)
        // Five standard deviations of the exponential distribution's mean.
        assert.approximately(mean, 100, 8)
        assert.isTrue(latencies.every(Number.isInteger))
        assert.isTrue(
          { constant: greatest === 100, uniform: greatest < 200, exponential: greatest > 500 }[latencyDistribution]
        )
      })
  )

  it.effect(
    "loses, repeats and holds back as many messages between servers as it is told to, and none of clients",
    () =>
      Effect.gen(function* () {
        const { at, network, received, send } = makeCluster()
        const count = 4000
        network.faults = { loss: 0.1, duplicate: 0.2, reorder: 0.3 }
        yield* at([
          0,
          () => {
            for (let index = 0; index < count; index++) {
              send(n0, n1, String(index))
              send(c0, n0, String(index))
              send(n0, c0, String(index))
            }
          }
        ])
        const between = received.filter(([dest]) => dest === "n1")
        const arrivals = [...Map.groupBy(between, ([, name]) => name).values()].map(({ length }) => length)
        assert.approximately(arrivals.length / count, 0.9, 0.03)
        assert.approximately(arrivals.filter((copies) => copies === 2).length / arrivals.length, 0.2, 0.03)
        assert.isTrue(arrivals.every((copies) => copies <= 2))
        const held = between.filter(([, , at]) => at > 100)
        assert.approximately(held.length / between.length, 0.3, 0.03)
        assert.isTrue(held.every(([, , at]) => at < 100 + Network.reorderMillis))
        assert.deepStrictEqual(
          received.filter(([dest]) => dest !== "n1").map(([dest, name, at]) => [dest, name, at]),
          Array.from({ length: count }, (_, index) => [
            ["n0", String(index), 0],
            ["c0", String(index), 0]
          ]).flat()
        )
      })
  )
})
