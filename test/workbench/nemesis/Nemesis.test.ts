import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Exit, Fiber, Predicate, Result, Schema } from "effect"
import { TestClock } from "effect/testing"
import type { Body } from "../../../src/protocol/Message.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import type { Operation } from "../../../src/workbench/history/Operation.ts"
import type { Entry } from "../../../src/workbench/history/Recorder.ts"
import * as Nemesis from "../../../src/workbench/nemesis/Nemesis.ts"
import { jepsenKinds } from "../../../src/workbench/nemesis/Partition.ts"
import * as Network from "../../../src/workbench/network/Network.ts"
import type { RunningNode } from "../../../src/workbench/nodes/NodeHost.ts"
import type { DiskFault } from "../../../src/workbench/disk/SimulatedDisk.ts"
import { idleFaults } from "../../../src/workbench/nemesis/IdleFaults.ts"
import type { ClockSetting } from "../../../src/workbench/simulation/MachineClock.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"

interface Settings extends Partial<
  Pick<Nemesis.Options<string>, "restartNode" | "timeLimit" | "targets" | "alwaysStrikes" | "clockSkew">
> {
  readonly seed?: string
  readonly count?: number
  readonly faults?: Network.Faults
  /** How many nodes use their disk; none of the others does. */
  readonly disks?: number
}

/** A cluster of nodes that do nothing but remember what is done to them, and its nemesis. */
const cluster = Effect.fnUntraced(function* (kinds: ReadonlyArray<Nemesis.Kind>, settings: Settings = {}) {
  const { count = 5, disks = count, faults = Network.reliable, seed = "1", ...options } = settings
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
  const clocks = new Map<NodeId, ClockSetting>()
  const diskFaults = new Map<NodeId, DiskFault>()
  const ids = Array.from({ length: count }, (_, index) => NodeId.make(`n${index}`))
  const become = (id: NodeId, state: string) =>
    Effect.sync(() => {
      steps.push([states.get(id), state])
      states.set(id, state)
    })
  const nodes = ids.map((id, index): RunningNode => {
    network.attach(id, ({ src }) => void heard.push(`${src} ${id}`))
    states.set(id, "running")
    return {
      id,
      crash: become(id, "crashed"),
      restart: become(id, "running"),
      pause: become(id, "paused"),
      resume: become(id, "running"),
      disk: {
        isUsed: () => index < disks,
        setFault: (fault) => void (fault === undefined ? diskFaults.delete(id) : diskFaults.set(id, fault))
      },
      setClock: (setting) => Effect.sync(() => void clocks.set(id, setting)),
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
  return { nemesis, network, entries, steps, links, states: states_, clocks, diskFaults, ids }
})

/** What was recorded, without times. */
const recorded = (entries: ReadonlyArray<Entry>) => entries.map(({ f, value }) => [f, value] as const)

const toOperation = (entry: Entry, index: number) => ({ ...entry, index, time: index }) as Operation

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

const isPartition = Schema.is(Schema.Literals(jepsenKinds))

const Kinds = Schema.Array(Schema.Literals(Nemesis.kinds))

describe("Nemesis", () => {
  it("parses lists of faults", () => {
    assert.deepStrictEqual(Nemesis.parse("partition, loss,partition"), Result.succeed(["partition", "loss"]))
    assert.deepStrictEqual(Nemesis.parse(""), Result.succeed([]))
    assert.deepStrictEqual(
      Result.mapError(Nemesis.parse("loss,partitions"), ({ text }) => text),
      Result.fail(
        "expected faults of partition, partition-one-way, loss, duplicate, pause, crash, crash-for-good, clock, " +
          'disk, separated by commas, got "partitions"'
      )
    )
  })

  it("takes Maelstrom's kill for a crash", () => {
    assert.deepStrictEqual(Nemesis.parse("kill,pause,crash"), Result.succeed(["crash", "pause"]))
  })

  it("parses lists of targets", () => {
    assert.deepStrictEqual(Nemesis.parseTargets("one, all,one"), Result.succeed(["one", "all"]))
    assert.deepStrictEqual(
      Result.mapError(Nemesis.parseTargets("primaries"), ({ text }) => text),
      Result.fail(
        "expected targets of one, minority-third, minority, majority, majorities-ring, all, separated by commas, " +
          'got "primaries"'
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

  it.effect("draws only partitions that cut a link, if asked to", () =>
    Effect.gen(function* () {
      const kindsAmong = Effect.fnUntraced(function* (count: number) {
        const { entries, nemesis } = yield* cluster(["partition"], { count, alwaysStrikes: true })
        yield* runFor(nemesis, 400)
        const drawn = entries.flatMap(({ f, value }) =>
          f === "start-partition" && !Array.isArray(value) ? [value] : []
        )
        return [...new Set(drawn)].toSorted()
      })
      const all = ["majorities-ring", "majority", "minority-third", "one"]
      assert.deepStrictEqual(yield* kindsAmong(2), ["majority", "one"])
      assert.deepStrictEqual(yield* kindsAmong(3), ["majorities-ring", "majority", "one"])
      assert.deepStrictEqual(yield* kindsAmong(4), all)
      assert.deepStrictEqual(yield* kindsAmong(1), all, "there is nothing to cut on one node")
    })
  )

  it.effect("draws only targets that strike somebody, if asked to", () =>
    Effect.gen(function* () {
      const targetsAmong = Effect.fnUntraced(function* (count: number) {
        const targets = ["minority-third", "majority"] as const
        const { entries, nemesis } = yield* cluster(["crash"], { count, targets, alwaysStrikes: true })
        yield* runFor(nemesis, 200)
        const drawn = entries.filter(({ f }) => f === "start-crash").map(({ value }) => value)
        return [...new Set(drawn.filter(Predicate.isString))].toSorted()
      })
      assert.deepStrictEqual(yield* targetsAmong(3), ["majority"])
      assert.deepStrictEqual(yield* targetsAmong(4), ["majority", "minority-third"])
    })
  )

  it.effect("draws only the targets that were asked for, and the usual ones for a fault that knows none of them", () =>
    Effect.gen(function* () {
      const { entries, nemesis } = yield* cluster(["partition", "pause", "crash"], {
        targets: ["all", "minority-third"]
      })
      yield* runFor(nemesis, 400)
      const drawn = (f: string) => {
        const values = entries.filter((entry) => entry.f === f).map(({ value }) => value)
        return [...new Set(values.filter(Predicate.isString))].toSorted()
      }
      assert.deepStrictEqual(drawn("start-partition"), ["minority-third"])
      assert.deepStrictEqual(drawn("start-pause"), ["all", "minority-third"])
      assert.deepStrictEqual(drawn("start-crash"), ["all", "minority-third"])
      const partitions = yield* cluster(["partition"], { targets: ["all"] })
      yield* runFor(partitions.nemesis, 400)
      assert.strictEqual(new Set(partitions.entries.map(({ value }) => value).filter(isPartition)).size, 4)
    })
  )

  it.effect("restarts all nodes at once, which then start at the same time", () =>
    Effect.gen(function* () {
      const { entries, nemesis, states } = yield* cluster(["crash"], {
        targets: ["all"],
        restartNode: () => Effect.sleep("1 second")
      })
      const fiber = yield* Effect.forkChild(nemesis.run, { startImmediately: true })
      assert.deepStrictEqual(new Set(states()), new Set(["crashed"]))
      yield* TestClock.adjust("20 seconds")
      yield* Fiber.interrupt(fiber)
      const all = ["n0", "n1", "n2", "n3", "n4"]
      const [start, crashed, stop, restarted] = entries
      assert.deepStrictEqual([start?.value, crashed?.value, stop?.value], ["all", ["crashed", all], null])
      assert.deepStrictEqual(restarted?.value, ["restarted", all])
      assert.approximately(restarted!.seconds - stop!.seconds, 1, 0.001)
    })
  )

  it.effect("crashes a minority once and for good, before the time limit", () =>
    Effect.gen(function* () {
      const sizes = new Set<number>()
      for (let seed = 0; seed < 50; seed++) {
        const { entries, ids, nemesis, states } = yield* cluster(["crash-for-good", "crash", "pause"], {
          seed: String(seed),
          timeLimit: Duration.seconds(3)
        })
        const fiber = yield* Effect.forkChild(nemesis.run, { startImmediately: true })
        yield* TestClock.adjust("10 seconds")
        yield* Fiber.join(fiber)
        yield* nemesis.heal
        const [start, crashed, ...others] = entries.filter(({ f }) => String(f).endsWith("crash-for-good"))
        assert.deepStrictEqual([start?.value, others], ["minority", []])
        assert.isBelow(start!.seconds - entries[0]!.seconds, 3)
        const gone = ids.filter((id) => nemesis.isGone(id))
        assert.deepStrictEqual(crashed?.value, ["crashed", gone])
        assert.deepStrictEqual(
          states(),
          ids.map((id) => (gone.includes(id) ? "crashed" : "running"))
        )
        sizes.add(gone.length)
      }
      assert.deepStrictEqual([...sizes].toSorted(), [1, 2])
    })
  )

  it.effect("leaves one node of two, and the only one", () =>
    Effect.gen(function* () {
      for (const [count, left] of [
        [1, 1],
        [2, 1]
      ] as const) {
        const { nemesis, states } = yield* cluster(["crash-for-good"], { count })
        yield* runFor(nemesis, 10)
        assert.strictEqual(states().filter((state) => state === "running").length, left)
      }
    })
  )

  it.effect("sets clocks forward and back and lets them drift, within bounds, and sets them right again", () =>
    Effect.gen(function* () {
      const { clocks, entries, nemesis } = yield* cluster(["clock"], { clockSkew: Duration.millis(300) })
      yield* runFor(nemesis, 400)
      const settings = entries.flatMap(({ value }) =>
        Array.isArray(value) && value[0] === "skewed" ? Object.values<ClockSetting>(value[1]) : []
      )
      assert.isAbove(settings.length, 50)
      for (const [of, most] of [
        ["aheadMillis", 300],
        ["driftPpm", 5_000]
      ] as const) {
        const drawn = settings.map((setting) => setting[of])
        assert.isAtMost(Math.max(...drawn.map(Math.abs)), most)
        assert.isAbove(Math.max(...drawn), most / 2)
        assert.isBelow(Math.min(...drawn), -most / 2)
      }
      const started = entries.findLast(({ f, value }) => f === "start-clock" && Array.isArray(value))!
      const stopped = entries.find(({ f, value }) => f === "stop-clock" && Array.isArray(value))!
      assert.deepStrictEqual(entries[0]?.value, "minority")
      const [, first] = entries[1]!.value as [string, object]
      assert.deepStrictEqual(stopped.value, ["corrected", Object.keys(first)])
      assert.isAbove(started.seconds, 0)
      yield* nemesis.heal
      assert.deepStrictEqual(
        new Set([...clocks.values()].map((setting) => JSON.stringify(setting))),
        new Set(['{"aheadMillis":0,"driftPpm":0}'])
      )
    })
  )

  it.effect("lets disks fail or hang, all in the same way, and work again", () =>
    Effect.gen(function* () {
      const { diskFaults, entries, nemesis } = yield* cluster(["disk"], { disks: 4 })
      const seen = new Set<string>()
      for (let turn = 0; turn < 40; turn++) {
        yield* runFor(nemesis, 0)
        const [fault] = new Set(diskFaults.values())
        assert.isAtLeast(diskFaults.size, 1)
        assert.isAtMost(diskFaults.size, 2)
        const inWords = fault === "failing" ? "unable to write to disk" : "waiting for disk writes in vain"
        assert.deepStrictEqual(entries.at(-1)?.value, [inWords, [...diskFaults.keys()].toSorted()])
        seen.add([fault, ...diskFaults.keys()].join(" "))
        const struck = [...diskFaults.keys()].toSorted()
        yield* nemesis.heal
        assert.strictEqual(diskFaults.size, 0)
        assert.deepStrictEqual(entries.at(-1)?.value, ["writing again", struck])
      }
      // Either way, and each node that uses its disk: the fifth does not.
      assert.isAbove(seen.size, 10)
      assert.notInclude([...seen].join(" "), "n4")
    })
  )

  it.effect("strikes no disk that nobody uses, nor those of nodes that are down, whose machines start anew", () =>
    Effect.gen(function* () {
      const unused = yield* cluster(["disk"], { disks: 0, targets: ["all"] })
      yield* runFor(unused.nemesis, 100)
      assert.deepStrictEqual(idleFaults(unused.entries.map(toOperation)), ["disk"])

      const { entries, nemesis } = yield* cluster(["crash", "disk"], { targets: ["majority"] })
      yield* runFor(nemesis, 400)
      let down = new Set<NodeId>()
      let strikes = 0
      for (const { f, value } of entries.filter(({ value }) => Array.isArray(value))) {
        const [, struck] = value as [string, ReadonlyArray<NodeId>]
        if (f === "start-crash") {
          down = new Set(struck)
        } else if (f === "stop-crash") {
          down = new Set()
        } else if (f === "start-disk" && down.size > 0) {
          strikes += 1
          assert.strictEqual(struck.length, 2)
          assert.isEmpty(struck.filter((id) => down.has(id)))
        }
      }
      assert.isAbove(strikes, 20)
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
    "heals everything that is not for good, whenever it is stopped",
    [Schema.String, Kinds, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 30 }))],
    ([seed, kinds, seconds]) =>
      Effect.gen(function* () {
        const faults = { loss: 0.1, duplicate: 0.2, reorder: 0.3 }
        const { clocks, ids, links, nemesis, network, states } = yield* cluster(kinds, { seed, faults })
        yield* runFor(nemesis, seconds)
        yield* nemesis.heal
        assert.deepStrictEqual(network.faults, faults)
        assert.deepStrictEqual(
          states(),
          ids.map((id) => (nemesis.isGone(id) ? "crashed" : "running"))
        )
        assert.isBelow(ids.filter((id) => nemesis.isGone(id)).length, 3)
        assert.isTrue([...clocks.values()].every(({ aheadMillis, driftPpm }) => aheadMillis === 0 && driftPpm === 0))
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
