import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, Layer, Random, Schema, type Scope } from "effect"
import type { NodeLayer } from "../../../src/services/NodeProgram.ts"
import { Init } from "../../../src/protocol/Init.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import { Crash } from "../../../src/protocol/RpcError.ts"
import * as OneWay from "../../../src/protocol/OneWay.ts"
import * as Rpc from "../../../src/protocol/Rpc.ts"
import { Node } from "../../../src/services/Node.ts"
import { Storage } from "../../../src/services/Storage.ts"
import { StorageError } from "../../../src/services/storage/StorageError.ts"
import * as Client from "../../../src/workbench/clients/Client.ts"
import type { CallError } from "../../../src/workbench/clients/Connection.ts"
import { faults } from "../../../src/workbench/disk/SimulatedDisk.ts"
import * as Network from "../../../src/workbench/network/Network.ts"
import type { RunningNode } from "../../../src/workbench/nodes/NodeHost.ts"
import * as InProcess from "../../../src/workbench/nodes/InProcess.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"
import * as VirtualTime from "../../../src/workbench/simulation/VirtualTime.ts"
import { simulate } from "../simulation/simulate.ts"

const Add = Rpc.make("add", { request: { item: Schema.String }, reply: { items: Schema.Array(Schema.String) } })
const Late = Rpc.make("late", { request: { millis: Schema.Finite }, reply: { at: Schema.Finite } })
const Now = Rpc.make("now", { reply: { wallMillis: Schema.Finite, monotonicMillis: Schema.Finite } })
const Draw = Rpc.make("draw", { reply: { number: Schema.Finite } })

const n0 = NodeId.make("n0")

/** A node that remembers what it is told, answers late if asked to, and tells its time and its luck. */
const behaviour: NodeLayer = Layer.effectDiscard(
  Effect.gen(function* () {
    const node = yield* Node
    const items: Array<string> = []
    const millisSinceStart = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1_000_000)
    yield* Effect.logInfo("a node begins")
    yield* node.handle(Add, ({ item }) =>
      Effect.sync(() => {
        items.push(item)
        return { items: [...items] }
      })
    )
    yield* node.handle(Late, ({ millis }) =>
      Effect.andThen(
        Effect.sleep(millis),
        Effect.map(millisSinceStart, (at) => ({ at }))
      )
    )
    yield* node.handle(Now, () =>
      Effect.all({ wallMillis: Clock.currentTimeMillis, monotonicMillis: millisSinceStart })
    )
    yield* node.handle(Draw, () => Effect.map(Random.next, (number) => ({ number })))
  })
)

/** A node that answers once its disk has what it was told. */
const storing: NodeLayer = Layer.effectDiscard(
  Effect.gen(function* () {
    const node = yield* Node
    const { log, recovered } = yield* (yield* Storage).open("items", Schema.String)
    const items = [...recovered]
    yield* node.handle(Add, ({ item }) =>
      Effect.suspend(() => {
        log.append(item)
        items.push(item)
        return Effect.as(log.sync, { items: [...items] })
      }).pipe(Effect.mapError(StorageError.toCrash))
    )
  })
)

interface Setting {
  readonly behaviour?: NodeLayer
  readonly skewMillis?: (node: string) => number
}

/** Runs a program around one node that nobody has initialised yet, in virtual time. */
const withNode = <A, E>(
  program: (parts: {
    readonly time: VirtualTime.VirtualTime
    readonly network: Network.Network
    readonly node: RunningNode
    readonly connect: ReturnType<typeof Client.make>
    readonly init: Effect.Effect<unknown, CallError>
  }) => Effect.Effect<A, E, Scope.Scope>,
  setting: Setting = {}
) =>
  Effect.suspend(() => {
    const time = VirtualTime.make()
    const network = Network.make(time, Seeds.random("1", "network"), { latency: 0, latencyDistribution: "constant" })
    const host = InProcess.make({
      behaviour,
      network,
      time,
      seed: (node, start) => `${node}/${start}`,
      ...setting
    })
    const connect = Client.make(network)
    const init = Effect.suspend(() => connect(n0).call(Init, { node_id: n0, node_ids: [n0] }))
    return simulate(
      time,
      Effect.scoped(
        Effect.gen(function* () {
          const node = yield* host.start(n0)
          return yield* program({ time, network, node, connect, init })
        })
      )
    )
  })

const replies = (network: Network.Network) =>
  network.journal.filter(({ event, message }) => event === "send" && message.src === n0).map(({ message }) => message)

const nowMillis = (time: VirtualTime.VirtualTime) => time.nowNanos() / 1_000_000

describe("InProcess", () => {
  it.effect("runs a behaviour that clients can call", () =>
    withNode(({ connect, init }) =>
      Effect.gen(function* () {
        yield* init
        const client = connect(n0)
        yield* client.call(Add, { item: "a" })
        assert.deepStrictEqual(yield* client.call(Add, { item: "b" }), { items: ["a", "b"] })
      })
    )
  )

  it.effect("forgets everything in a crash, and needs an init of its own afterwards, as often as it happens", () =>
    withNode(({ connect, init, node }) =>
      Effect.gen(function* () {
        yield* init
        for (const item of ["a", "b", "c"]) {
          assert.deepStrictEqual(yield* connect(n0).call(Add, { item }), { items: [item] })
          yield* node.crash
          yield* node.restart
          const refusal = yield* Effect.flip(connect(n0).call(Add, { item }))
          assert.strictEqual(refusal._tag, "TemporarilyUnavailable")
          yield* init
        }
      })
    )
  )

  it.effect("sends nothing more once it has crashed, and gets nothing", () =>
    withNode(({ connect, init, network, node }) =>
      Effect.gen(function* () {
        yield* init
        const unanswered = yield* Effect.forkChild(Effect.flip(connect(n0).call(Late, { millis: 10 })))
        yield* Effect.sleep("5 millis")
        yield* node.crash
        const error = yield* Effect.flip(connect(n0, Duration.millis(100)).call(Add, { item: "a" }))
        assert.strictEqual(error._tag, "Timeout")
        assert.strictEqual((yield* Fiber.join(unanswered))._tag, "Timeout")
        assert.deepStrictEqual(
          replies(network).map(({ body }) => body.type),
          ["init_ok"]
        )
      })
    )
  )

  it.effect("does nothing after a restart that was begun before the crash", () =>
    withNode(({ connect, init, network, node }) =>
      Effect.gen(function* () {
        yield* init
        yield* Effect.forkChild(Effect.exit(connect(n0).call(Late, { millis: 200 })))
        yield* Effect.sleep("5 millis")
        yield* node.crash
        yield* node.restart
        yield* init
        yield* Effect.sleep("1 second")
        assert.deepStrictEqual(
          replies(network).map(({ body }) => body.type),
          ["init_ok", "init_ok"]
        )
      })
    )
  )

  it.effect("holds messages while it is paused, and takes them in order afterwards", () =>
    withNode(({ connect, init, node, time }) =>
      Effect.gen(function* () {
        yield* init
        yield* node.pause
        const calls = yield* Effect.forEach(["a", "b", "c"], (item) =>
          connect(n0)
            .call(Add, { item })
            .pipe(
              Effect.map(({ items }) => ({ items, at: nowMillis(time) })),
              Effect.forkChild({ startImmediately: true })
            )
        )
        yield* Effect.sleep("300 millis")
        yield* node.resume
        assert.deepStrictEqual(yield* Fiber.joinAll(calls), [
          { items: ["a"], at: 300 },
          { items: ["a", "b"], at: 300 },
          { items: ["a", "b", "c"], at: 300 }
        ])
      })
    )
  )

  it.effect("holds timers while it is paused: those that are over then go on in order, others on time", () =>
    withNode(({ connect, init, network, node }) =>
      Effect.gen(function* () {
        yield* init
        const calls = yield* Effect.forEach([20, 10, 500], (millis) =>
          Effect.forkChild(connect(n0).call(Late, { millis }), { startImmediately: true })
        )
        yield* Effect.sleep("5 millis")
        yield* node.pause
        yield* Effect.sleep("295 millis")
        yield* node.resume
        const ats = (yield* Fiber.joinAll(calls)).map(({ at }) => at)
        assert.deepStrictEqual(ats, [300, 300, 500])
        const answered = replies(network).map(({ dest }) => dest as string)
        assert.deepStrictEqual(answered, ["c0", "c2", "c1", "c3"])
      })
    )
  )

  it.effect("runs the timers that are over after a pause before it takes what has arrived meanwhile", () =>
    withNode(({ connect, init, network, node }) =>
      Effect.gen(function* () {
        yield* init
        const late = yield* Effect.forkChild(connect(n0).call(Late, { millis: 10 }), { startImmediately: true })
        yield* Effect.sleep("5 millis")
        yield* node.pause
        const add = yield* Effect.forkChild(connect(n0).call(Add, { item: "a" }), { startImmediately: true })
        yield* Effect.sleep("50 millis")
        yield* node.resume
        yield* Fiber.joinAll([late, add])
        assert.deepStrictEqual(
          replies(network).map(({ body }) => body.type),
          ["init_ok", "late_ok", "add_ok"]
        )
      })
    )
  )

  it.effect("crashes at once while it is paused, too, with a request in its hands", () =>
    withNode(({ connect, init, node, time }) =>
      Effect.gen(function* () {
        yield* init
        yield* Effect.forkChild(Effect.exit(connect(n0).call(Late, { millis: 10 })), { startImmediately: true })
        yield* Effect.sleep("5 millis")
        yield* node.pause
        yield* Effect.sleep("5 millis")
        const before = nowMillis(time)
        yield* node.crash
        assert.strictEqual(nowMillis(time), before)
      })
    )
  )

  it.effect("is not paused after a restart, whatever it was before", () =>
    withNode(({ init, node }) =>
      Effect.gen(function* () {
        yield* init
        yield* node.pause
        yield* node.crash
        yield* node.restart
        yield* init
      })
    )
  )

  it.effect("ends with its scope while it is paused, too, with a request in its hands", () =>
    withNode(({ connect, init, node }) =>
      Effect.gen(function* () {
        yield* init
        yield* Effect.forkChild(Effect.exit(connect(n0).call(Late, { millis: 10 })), { startImmediately: true })
        yield* Effect.sleep("5 millis")
        yield* node.pause
      })
    )
  )

  it.effect("has a wall clock of its own, and the same monotonic clock as everyone", () =>
    withNode(
      ({ connect, init }) =>
        Effect.gen(function* () {
          yield* init
          yield* Effect.sleep("1 second")
          assert.deepStrictEqual(yield* connect(n0).call(Now, {}), {
            wallMillis: VirtualTime.epochMillis + 1000 - 250,
            monotonicMillis: 1000
          })
        }),
      { skewMillis: (node) => (node === n0 ? -250 : 0) }
    )
  )

  it.effect("can be given another time, which it keeps when it restarts, and drifts from there with its timers", () =>
    withNode(({ connect, init, node, time }) =>
      Effect.gen(function* () {
        yield* init
        yield* Effect.sleep("1 second")
        yield* node.setClock!({ aheadMillis: 5000, driftPpm: -200_000 })
        yield* node.crash
        yield* node.restart
        yield* init
        yield* Effect.sleep("10 seconds")
        assert.deepStrictEqual(yield* connect(n0).call(Now, {}), {
          wallMillis: VirtualTime.epochMillis + 11_000 + 5000 - 2000,
          monotonicMillis: 9000
        })
        assert.deepStrictEqual(yield* connect(n0).call(Late, { millis: 800 }), { at: 9800 })
        assert.strictEqual(nowMillis(time), 12_000)
      })
    )
  )

  it.effect("keeps what it has synced through a crash of its machine", () =>
    withNode(
      ({ connect, init, node }) =>
        Effect.gen(function* () {
          yield* init
          yield* connect(n0).call(Add, { item: "a" })
          yield* node.crash
          yield* node.restart
          yield* init
          assert.deepStrictEqual(yield* connect(n0).call(Add, { item: "b" }), { items: ["a", "b"] })
        }),
      { behaviour: storing }
    )
  )

  it.effect("has a disk that works again after a restart, whatever it did before", () =>
    Effect.forEach(faults, (fault) =>
      withNode(
        ({ connect, init, node }) =>
          Effect.gen(function* () {
            assert.isFalse(node.disk!.isUsed())
            yield* init
            assert.isTrue(node.disk!.isUsed())
            node.disk!.setFault(fault)
            const error = yield* Effect.flip(connect(n0).call(Add, { item: "a" }))
            assert.strictEqual(error._tag, fault === "failing" ? "Crash" : "Timeout")
            yield* node.crash
            yield* node.restart
            yield* init
            yield* connect(n0).call(Add, { item: "b" })
          }),
        { behaviour: storing }
      )
    )
  )

  it.effect("does nothing with what its disk has done while it is paused", () =>
    withNode(
      ({ connect, init, network, node }) =>
        Effect.gen(function* () {
          yield* init
          const added = yield* Effect.forkChild(connect(n0).call(Add, { item: "a" }), { startImmediately: true })
          // It has the request, and its disk takes longer than that.
          yield* Effect.yieldNow
          yield* node.pause
          yield* Effect.sleep("1 second")
          assert.deepStrictEqual(
            replies(network).map(({ body }) => body.type),
            ["init_ok"]
          )
          yield* node.resume
          assert.deepStrictEqual(yield* Fiber.join(added), { items: ["a"] })
        }),
      { behaviour: storing }
    )
  )

  it.effect("draws the same random numbers in every run, and others after a restart", () =>
    Effect.gen(function* () {
      const draws = withNode(({ connect, init, node }) =>
        Effect.gen(function* () {
          yield* init
          const first = yield* connect(n0).call(Draw, {})
          yield* node.crash
          yield* node.restart
          yield* init
          return [first, yield* connect(n0).call(Draw, {})]
        })
      )
      const [first, second] = yield* draws
      assert.notDeepEqual(first, second)
      assert.deepStrictEqual(yield* draws, [first, second])
    })
  )

  it.effect("keeps what it logs", () =>
    withNode(({ init, node }) =>
      Effect.gen(function* () {
        yield* init
        assert.match((yield* node.log).join("\n"), /timestamp=2026-01-01T00:00:00.000Z .*a node begins/)
      })
    )
  )

  it.effect("fails, with its log, when it sends a message to nobody", () =>
    withNode(
      ({ init, node }) =>
        Effect.gen(function* () {
          yield* init
          const failure = yield* Effect.flip(node.failure)
          assert.strictEqual(failure.message, 'n0 sent a message to n9, which does not exist: {"type":"gossip"}')
          assert.match(failure.log.join("\n"), /about to gossip/)
        }),
      {
        behaviour: Layer.effectDiscard(
          Effect.gen(function* () {
            const node = yield* Node
            yield* Effect.logInfo("about to gossip")
            yield* node.send(OneWay.make("gossip"), NodeId.make("n9"), {})
          })
        )
      }
    )
  )

  it.effect("fails, with its log, when its behaviour cannot be built", () =>
    withNode(
      ({ init, node }) =>
        Effect.gen(function* () {
          const refusal = yield* Effect.flip(init)
          assert.strictEqual(refusal._tag, "Crash")
          const failure = yield* Effect.flip(node.failure)
          assert.match(failure.message, /^n0 ended: .*no disk/)
          assert.match(failure.log.join("\n"), /looking for a disk/)
        }),
      {
        behaviour: Layer.effectDiscard(
          Effect.andThen(Effect.logError("looking for a disk"), Effect.fail(new Crash({ text: "no disk" })))
        )
      }
    )
  )
})
