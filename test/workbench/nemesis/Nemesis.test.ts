import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Exit, Fiber, Result, Schema } from "effect"
import { TestClock } from "effect/testing"
import type { Body } from "../../../src/protocol/Message.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import type { Entry } from "../../../src/workbench/history/Recorder.ts"
import * as Nemesis from "../../../src/workbench/nemesis/Nemesis.ts"
import * as Network from "../../../src/workbench/network/Network.ts"
import type { RunningNode } from "../../../src/workbench/nodes/NodeHost.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"

interface Settings extends Partial<Pick<Nemesis.Options<string>, "restartNode" | "timeLimit">> {
  readonly seed?: string
  readonly count?: number
  readonly faults?: Network.Faults
}

/** A cluster of nodes that do nothing but remember what is done to them, and its nemesis. */
const cluster = Effect.fnUntraced(function* (kinds: ReadonlyArray<Nemesis.Kind>, settings: Settings = {}) {
  const { count = 5, faults = Network.reliable, seed = "1", ...options } = settings
  const events: Array<() => void> = []
  const network = Network.make(
    { nowNanos: () => 0, after: (_delay, event) => void events.push(event) },
    Seeds.random(seed, "network"),
    { latency: 0, latencyDistribution: "constant" }
  )
  network.faults = faults

  const heard: Array<string> = []
  const states = new Map<NodeId, string>()
  const steps: Array<readonly [from: string | undefined, to: string]> = []
  const ids = Array.from({ length: count }, (_, index) => NodeId.make(`n${index}`))
  const become = (id: NodeId, state: string) =>
    Effect.sync(() => {
      steps.push([states.get(id), state])
      states.set(id, state)
    })
  const nodes = ids.map((id): RunningNode => {
    network.attach(id, ({ src }) => void heard.push(`${src} ${id}`))
    states.set(id, "running")
    return {
      id,
      crash: become(id, "crashed"),
      restart: become(id, "running"),
      pause: become(id, "paused"),
      resume: become(id, "running"),
      failure: Effect.never,
      log: Effect.succeed([])
    }
  })

  const entries: Array<Entry & { readonly seconds: number }> = []
  const clock = yield* Clock.Clock
  const nemesis = Nemesis.make<string>({
    restartNode: (id) => become(id, "running"),
    ...options,
    kinds,
    interval: Duration.seconds(2),
    network,
    nodes,
    random: Seeds.random(seed, "nemesis"),
    record: (entry) => entries.push({ ...entry, seconds: clock.currentTimeMillisUnsafe() / 1000 })
  })

  /** The links over which a message arrives now. */
  const links = () => {
    network.faults = Network.reliable
    for (const src of ids) {
      for (const dest of ids) {
        network.send({ src, dest, body: { type: "ping" } as Body })
      }
    }
    while (events.length > 0) {
      events.shift()!()
    }
    return heard.splice(0).length
  }
  const states_ = () => ids.map((id) => states.get(id))
  return { nemesis, network, entries, steps, links, states: states_ }
})

/** What was recorded, without times. */
const recorded = (entries: ReadonlyArray<Entry>) => entries.map(({ f, value }) => [f, value] as const)

const runFor = Effect.fnUntraced(function* (nemesis: Nemesis.Nemesis<string>, seconds: number) {
  const fiber = yield* Effect.forkChild(nemesis.run, { startImmediately: true })
  yield* TestClock.adjust(seconds * 1000)
  return yield* Fiber.interrupt(fiber)
})

/** Seconds from the beginning of each action to that of the next. */
const gapsBetween = (entries: ReadonlyArray<{ readonly seconds: number }>) => {
  const begun = entries.filter((_, index) => index % 2 === 0).map(({ seconds }) => seconds)
  return begun.slice(1).map((seconds, index) => seconds - begun[index]!)
}

const mean = (numbers: ReadonlyArray<number>) => numbers.reduce((sum, number) => sum + number) / numbers.length

const Kinds = Schema.Array(Schema.Literals(Nemesis.kinds))

describe("Nemesis", () => {
  it("parses lists of faults", () => {
    assert.deepStrictEqual(Nemesis.parse("partition, loss,partition"), Result.succeed(["partition", "loss"]))
    assert.deepStrictEqual(Nemesis.parse(""), Result.succeed([]))
    assert.deepStrictEqual(
      Result.mapError(Nemesis.parse("loss,partitions"), ({ text }) => text),
      Result.fail(
        "expected faults of partition, partition-one-way, loss, duplicate, pause, crash, separated by commas, " +
          'got "partitions"'
      )
    )
  })

  it.effect("starts and stops a partition in turn, and records it as Maelstrom does", () =>
    Effect.gen(function* () {
      const { entries, nemesis } = yield* cluster(["partition"], { count: 2 })
      yield* runFor(nemesis, 100)
      assert.isAbove(entries.length, 40)
      assert.isTrue(entries.every(({ process, type }) => process === "nemesis" && type === "info"))
      const kinds = new Set<unknown>()
      for (let index = 0; index + 3 < entries.length; index += 4) {
        const [start, started, ...stop] = recorded(entries.slice(index, index + 4))
        kinds.add(start?.[1])
        assert.strictEqual(start?.[0], "start-partition")
        const isolated = ["one", "majority"].includes(String(start?.[1]))
          ? { n0: ["n1"], n1: ["n0"] }
          : { n0: [], n1: [] }
        assert.deepStrictEqual(started, ["start-partition", ["isolated", isolated]])
        assert.deepStrictEqual(stop, [
          ["stop-partition", null],
          ["stop-partition", "network-healed"]
        ])
      }
      assert.deepStrictEqual(kinds, new Set(["one", "minority-third", "majority", "majorities-ring"]))
    })
  )

  it.effect("waits up to twice the interval between two actions, the interval on average", () =>
    Effect.gen(function* () {
      const { entries, nemesis } = yield* cluster(["loss"])
      yield* runFor(nemesis, 4000)
      const gaps = gapsBetween(entries)
      assert.strictEqual(entries[0]?.seconds, 0)
      assert.isAtMost(Math.max(...gaps), 4.001)
      assert.isBelow(Math.min(...gaps), 0.2)
      assert.approximately(mean(gaps), 2, 0.15)
    })
  )

  it.effect("counts its waits from when an action begins, not from when it has taken place", () =>
    Effect.gen(function* () {
      const { entries, nemesis } = yield* cluster(["crash"], { restartNode: () => Effect.sleep("1 second") })
      yield* runFor(nemesis, 4000)
      const gaps = gapsBetween(entries)
      // Crashes are followed by up to 4 s, and restarts by at least the second that they take.
      assert.approximately(mean(gaps.filter((_, index) => index % 2 === 0)), 2, 0.2)
      assert.approximately(mean(gaps.filter((_, index) => index % 2 === 1)), 2.125, 0.2)
    })
  )

  it.effect("begins nothing after the time limit", () =>
    Effect.gen(function* () {
      const { entries, nemesis } = yield* cluster(["partition", "pause"], { timeLimit: Duration.seconds(10) })
      const fiber = yield* Effect.forkChild(nemesis.run, { startImmediately: true })
      yield* TestClock.adjust("1 minute")
      assert.isTrue(Exit.isSuccess(yield* Fiber.await(fiber)))
      assert.isAbove(entries.length, 4)
      assert.isTrue(entries.every(({ seconds }) => seconds < 10))
    })
  )

  it.effect("cuts links while a partition lasts, in one direction if asked to", () =>
    Effect.gen(function* () {
      const { entries, links, nemesis } = yield* cluster(["partition-one-way"], { count: 5 })
      const fiber = yield* Effect.forkChild(nemesis.run, { startImmediately: true })
      assert.strictEqual(entries[0]?.value, "one-way")
      assert.strictEqual(links(), 25 - 6)
      yield* Fiber.interrupt(fiber)
      yield* nemesis.heal
      assert.strictEqual(links(), 25)
    })
  )

  it.effect("adds loss and duplication to what the network does anyway", () =>
    Effect.gen(function* () {
      const faults = { loss: 0.7, duplicate: 0.1, reorder: 0.2 }
      const { entries, nemesis, network } = yield* cluster(["loss", "duplicate"], { faults })
      const fiber = yield* Effect.forkChild(nemesis.run, { startImmediately: true })
      assert.deepStrictEqual(network.faults, { loss: 0.7, duplicate: 0.5, reorder: 0.2 })
      yield* Fiber.interrupt(fiber)
      yield* nemesis.heal
      assert.deepStrictEqual(network.faults, faults)
      assert.deepStrictEqual(recorded(entries), [
        ["start-loss", 0.5],
        ["start-loss", 0.7],
        ["start-duplicate", 0.5],
        ["start-duplicate", 0.5],
        ["stop-loss", null],
        ["stop-loss", 0.7],
        ["stop-duplicate", null],
        ["stop-duplicate", 0.1]
      ])
    })
  )

  it.effect("pauses minorities and crashes single nodes, and never one that is paused or crashed already", () =>
    Effect.gen(function* () {
      const { entries, nemesis, steps } = yield* cluster(["pause", "crash"], { count: 5 })
      yield* runFor(nemesis, 400)
      const sizes = (verb: string) =>
        new Set(
          entries.flatMap(({ value }) => (Array.isArray(value) && value[0] === verb ? [value[1].length as number] : []))
        )
      assert.deepStrictEqual([...sizes("paused")].toSorted(), [1, 2])
      assert.deepStrictEqual([...sizes("resumed")].toSorted(), [1, 2])
      assert.deepStrictEqual([...sizes("crashed")], [1])
      assert.deepStrictEqual([...sizes("restarted")], [1])
      assert.isAbove(steps.length, 100)
      assert.isTrue(steps.every(([from, to]) => (from === "running") !== (to === "running")))
    })
  )

  it.effect("crashes nobody while a cluster's only node is paused", () =>
    Effect.gen(function* () {
      const { entries, nemesis } = yield* cluster(["pause", "crash"], { count: 1 })
      const fiber = yield* Effect.forkChild(nemesis.run, { startImmediately: true })
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(recorded(entries), [
        ["start-pause", "minority"],
        ["start-pause", ["paused", ["n0"]]],
        ["start-crash", "one"],
        ["start-crash", ["crashed", []]]
      ])
    })
  )

  it.effect("acts once at a time", () =>
    Effect.gen(function* () {
      const { entries, nemesis } = yield* cluster(["partition", "crash", "pause"], {
        restartNode: () => Effect.sleep("1 second")
      })
      yield* runFor(nemesis, 200)
      for (let index = 0; index + 1 < entries.length; index += 2) {
        assert.strictEqual(entries[index]?.f, entries[index + 1]?.f)
      }
    })
  )

  it.effect("fails if a node cannot be restarted, and can restart it later", () =>
    Effect.gen(function* () {
      let broken = true
      const restartNode = () => Effect.suspend(() => (broken ? Effect.fail("did not start") : Effect.void))
      const { entries, nemesis } = yield* cluster(["crash"], { restartNode })
      const fiber = yield* Effect.forkChild(nemesis.run, { startImmediately: true })
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(yield* Effect.flip(Fiber.join(fiber)), "did not start")
      broken = false
      yield* nemesis.heal
      const [, crashed] = entries[1]!.value as ReadonlyArray<unknown>
      assert.deepStrictEqual(entries.at(-1)?.value, ["restarted", crashed])
    })
  )

  it.effect.prop(
    "heals everything, whenever it is stopped",
    [Schema.String, Kinds, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 30 }))],
    ([seed, kinds, seconds]) =>
      Effect.gen(function* () {
        const faults = { loss: 0.1, duplicate: 0.2, reorder: 0.3 }
        const { links, nemesis, network, states } = yield* cluster(kinds, { seed, faults })
        yield* runFor(nemesis, seconds)
        yield* nemesis.heal
        assert.deepStrictEqual(network.faults, faults)
        assert.deepStrictEqual(new Set(states()), new Set(["running"]))
        assert.strictEqual(links(), 25)
      })
  )

  it.effect.prop("does the same under the same seed", [Schema.String, Kinds], ([seed, kinds]) =>
    Effect.gen(function* () {
      const run = Effect.gen(function* () {
        const { entries, nemesis } = yield* cluster(kinds, { seed })
        const began = yield* Clock.currentTimeMillis
        yield* runFor(nemesis, 60)
        return entries.map(({ f, seconds, value }) => [Math.round(seconds * 1000) - began, f, value])
      })
      assert.deepStrictEqual(yield* run, yield* run)
    })
  )
})
