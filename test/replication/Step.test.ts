import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Topology from "../../src/replication/Topology.ts"
import { keptRetired } from "../../src/replication/View.ts"
import * as Machines from "./Machines.ts"

const between = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const topologies = {
  direct: Topology.direct,
  star: Topology.star,
  ring: Topology.ring,
  nobody: Topology.neighbours(() => [])
}

/** What happens next: mostly that something is said and arrives. */
const Happening = Schema.Struct({
  what: Schema.Literals([
    ...(["append", "append", "append", "fire", "fire", "fire", "pass", "lose", "repeat", "restart"] as const),
    ...(["arrive", "arrive", "arrive", "arrive", "arrive", "arrive", "arrive", "arrive"] as const)
  ]),
  node: between(0, 4),
  /** Which message, which timer, how long, or which time the clock shows. */
  which: between(0, 1000)
})
const Fate = Schema.Struct({
  size: between(1, 5),
  topology: Schema.Literals(["direct", "star", "ring", "nobody"]),
  hasSnapshots: Schema.Literals([true, true, true, false]),
  happenings: Schema.Array(Happening).check(Schema.isMinLength(60), Schema.isMaxLength(400))
})

/** Lets machines have their fate; gives what was confirmed to those that are no more. */
const suffer = (cluster: Machines.Machines, { happenings, size }: typeof Fate.Type) => {
  const { machines, network } = cluster
  const confirmed: Machines.Machine["confirmed"] = []
  let clock = 1_000
  for (const { node, what, which } of happenings) {
    const index = node % size
    const message = which % Math.max(1, network.length)
    const timers = [...machines[index]!.replica.armed]
    if (what === "append") {
      cluster.append(index)
    } else if (what === "fire") {
      cluster.fire(index, timers[which % Math.max(1, timers.length)])
    } else if (what === "pass") {
      cluster.pass(which)
    } else if (what === "arrive" || what === "repeat") {
      cluster.deliver(message, what === "repeat")
    } else if (what === "lose") {
      network.splice(message, 1)
    } else {
      confirmed.push(...machines[index]!.confirmed)
      clock += 10
      // Mostly the clock goes on, and now and then it has stepped back to before several restarts.
      const stored = which % 3 === 0 ? cluster.store(index) : undefined
      cluster.restart(index, which % 4 === 0 ? clock - 45 : clock, stored)
      if (which % 5 === 0) {
        cluster.catchUp(index)
      }
    }
    Machines.isConsistent(cluster)
  }
  return confirmed
}

describe("step", () => {
  it.effect.prop(
    "brings every item of a living node to every node once and in order, whatever is lost, repeated, late or restarted",
    [Fate],
    ([fate]) =>
      Effect.sync(() => {
        const cluster = Machines.make({ ...fate, topology: topologies[fate.topology] })
        const confirmed = suffer(cluster, fate)
        cluster.settle(40)
        Machines.isWhole(cluster)
        Machines.keepsConfirmed(cluster, [...confirmed, ...cluster.machines.flatMap((machine) => machine.confirmed)])
      }),
    { arbitrary: { runs: 500 }, timeout: 60_000 }
  )

  it.effect.prop(
    "keeps nothing for anyone once all have it, and counts one log of each node",
    [Fate],
    ([fate]) =>
      Effect.sync(() => {
        const cluster = Machines.make({ ...fate, hasSnapshots: true, topology: topologies[fate.topology] })
        suffer(cluster, fate)
        cluster.settle(150)
        for (const { replica } of cluster.machines) {
          assert.strictEqual(replica.log.retained, 0)
          assert.isUndefined(replica.outgoing)
          assert.lengthOf(replica.view.logs, fate.size)
          assert.isAtMost(replica.view.retired.length, keptRetired * fate.size)
          assert.strictEqual(replica.view.text, cluster.machines[0]!.replica.view.text)
        }
      }),
    { arbitrary: { runs: 200 }, timeout: 60_000 }
  )

  it("catches up where a node restarts that had told of more than it gave, and has lost that", () => {
    const cluster = Machines.make({ size: 2, topology: Topology.direct, maxItems: 3, hasSnapshots: false })
    const { machines, network } = cluster
    cluster.settle(2)
    for (let item = 0; item < 4; item++) {
      cluster.append(1)
    }
    cluster.fire(1, "flush")
    network.length = 0
    cluster.restart(0, 1_010)
    cluster.catchUp(0)
    // Until it has been given three of the four items.
    while ((machines[0]!.replica.log.version.at(-1) ?? 0) < 3) {
      cluster.deliver(0)
    }
    assert.isFalse(machines[0]!.caughtUp)
    network.length = 0
    cluster.restart(1, 1_020)
    cluster.settle(40)
    assert.isTrue(machines[0]!.caughtUp)
    Machines.isConsistent(cluster)
  })
})
