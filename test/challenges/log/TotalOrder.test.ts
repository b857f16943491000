import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as TotalOrder from "../../../src/challenges/log/TotalOrder.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import type { Origin } from "../../../src/replication/Replication.ts"

/** What is in a log: a record, or a promise only. */
interface Item {
  readonly tick: number
  readonly isRecord: boolean
}

interface Log {
  readonly origin: Origin
  readonly items: Array<Item>
}

interface Machine {
  order: TotalOrder.TotalOrder<string>
  released: Array<number>
  /** How much of each log it has. */
  has: Map<Log, number>
  log: Log
}

/** Nodes that take each other's logs in order, as replication brings them, and start anew with what another one has. */
const make = (size: number) => {
  const nodeIds = Array.from({ length: size }, (_, index) => NodeId.make(`n${index}`))
  const logs: Array<Log> = []
  const given = new Set<number>()

  const open = (index: number): Log => {
    const log: Log = { origin: { node: nodeIds[index]!, incarnation: logs.length }, items: [] }
    logs.push(log)
    return log
  }

  const begin = (index: number): Machine => {
    const released: Array<number> = []
    return {
      released,
      has: new Map(),
      log: open(index),
      order: TotalOrder.make<string>({
        nodeIds,
        self: nodeIds[index]!,
        release: (place) => {
          assert.isAbove(place, released.at(-1) ?? -1, "nothing comes before what was released")
          released.push(place)
        }
      })
    }
  }
  const machines = nodeIds.map((_, index) => begin(index))

  const count = (machine: Machine, log: Log) => machine.has.get(log) ?? 0

  /** The logs that nobody appends to any more. */
  const closed = () => logs.filter((log) => machines.every((machine) => machine.log !== log))

  const cluster = {
    machines,
    nodeIds,

    append: (index: number) => {
      const { has, log, order } = machines[index]!
      const tick = order.append(log.origin, "record")
      const place = TotalOrder.placeOf(tick, index, size)
      assert.isFalse(given.has(place), "no place is given twice")
      given.add(place)
      log.items.push({ tick, isRecord: true })
      has.set(log, log.items.length)
    },

    promise: (index: number) => {
      const { has, log, order } = machines[index]!
      log.items.push({ tick: order.next, isRecord: false })
      order.promise(log.origin, order.next)
      has.set(log, log.items.length)
    },

    /** Brings the next item of a log from a node that has it. */
    deliver: (index: number, from: number, which: number) => {
      const machine = machines[index]!
      const known = [...machines[from]!.has.keys()].filter(
        (log) => count(machines[from]!, log) > count(machine, log) && log !== machine.log
      )
      const log = known[which % Math.max(1, known.length)]
      if (log !== undefined) {
        const item = log.items[count(machine, log)]!
        machine.has.set(log, count(machine, log) + 1)
        if (item.isRecord) {
          machine.order.receive(log.origin, item.tick, "record")
        } else {
          machine.order.promise(log.origin, item.tick)
        }
      }
    },

    /** Restarts a node, which gets the state of another one before it goes on. */
    restart: (index: number, from: number) => {
      const others = machines.filter((_, other) => other !== index)
      const giver = others[from % Math.max(1, others.length)]
      if (giver === undefined) {
        return
      }
      const machine = begin(index)
      machines[index] = machine
      const { promises, waiting } = giver.order.take()
      machine.order.merge([...giver.released.map((place) => [place, "record"] as const), ...waiting], promises)
      machine.has = new Map(giver.has)
      // Behind all that it may have given without telling anybody.
      machine.order.advance(Math.ceil(Math.max(0, ...given) / size) + 1)
    },

    /** Lets a node know that all have the same of the closed logs, where that is so. */
    settle: (index: number) => {
      if (closed().every((log) => machines.every((machine) => count(machine, log) === count(machines[0]!, log)))) {
        machines[index]!.order.settle(machines.map(({ log }) => log.origin))
      }
    },

    /** Brings everything everywhere. */
    finish: () => {
      for (let round = 0; round < 3; round++) {
        for (const [index, machine] of machines.entries()) {
          for (const from of machines.keys()) {
            for (const log of machines[from]!.has.keys()) {
              while (log !== machine.log && count(machines[from]!, log) > count(machine, log)) {
                cluster.deliver(index, from, [...machines[from]!.has.keys()].indexOf(log))
              }
            }
          }
        }
        for (const index of machines.keys()) {
          cluster.settle(index)
          cluster.promise(index)
        }
      }
    }
  }
  return cluster
}

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const Happening = Schema.Struct({
  what: Schema.Literals([
    ...(["append", "append", "promise", "settle", "settle", "restart"] as const),
    ...(["deliver", "deliver", "deliver", "deliver", "deliver", "deliver"] as const)
  ]),
  node: between(0, 4),
  from: between(0, 4),
  which: between(0, 9)
})
const Fate = Schema.Struct({
  size: between(1, 5),
  happenings: Schema.Array(Happening).check(Schema.isMinLength(40), Schema.isMaxLength(300))
})

describe("TotalOrder", () => {
  it.effect.prop(
    "gives no place twice and releases in one order, with nothing to come before, whatever is late or restarted",
    [Fate],
    ([{ happenings, size }]) =>
      Effect.sync(() => {
        const cluster = make(size)
        for (const { from, node, what, which } of happenings) {
          const index = node % size
          if (what === "deliver") {
            cluster.deliver(index, from % size, which)
          } else if (what === "restart") {
            cluster.restart(index, from)
          } else {
            cluster[what](index)
          }
        }
        cluster.finish()
        const [first] = cluster.machines
        for (const { order, released } of cluster.machines) {
          assert.deepStrictEqual(released, first!.released, "all have released the same")
          assert.lengthOf(order.take().waiting, 0)
        }
      }),
    { arbitrary: { runs: 500 } }
  )

  it("releases what a node appends once all others have promised to append nothing before it", () => {
    const cluster = make(3)
    const { machines } = cluster
    for (const index of machines.keys()) {
      cluster.settle(index)
    }
    cluster.append(0)
    cluster.append(0)
    // Nobody can come before the very first place.
    assert.deepStrictEqual(machines[0]!.released, [0])
    for (const other of [1, 2]) {
      for (let item = 0; item < 2; item++) {
        cluster.deliver(other, 0, 0)
      }
      cluster.promise(other)
      assert.deepStrictEqual(machines[0]!.released, [0])
      cluster.deliver(0, other, 0)
    }
    assert.deepStrictEqual(machines[0]!.released, [0, 3])
  })

  it("holds the promises of a new log back until nothing of the one before it is still to come", () => {
    const cluster = make(3)
    const { machines } = cluster
    for (const index of machines.keys()) {
      cluster.settle(index)
    }
    cluster.append(0)
    cluster.deliver(1, 0, 0)
    cluster.append(1)
    // n2 has not heard of the first record when n0 is back, behind the second.
    cluster.restart(0, 0)
    cluster.promise(0)
    cluster.deliver(2, 1, 1)
    cluster.deliver(2, 0, 1)
    assert.deepStrictEqual(machines[2]!.released, [])
    cluster.finish()
    assert.deepStrictEqual(machines[2]!.released, [0, 4])
  })
})
