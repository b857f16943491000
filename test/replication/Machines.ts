/**
 * Replicas as bare state machines, and a network between them that a test holds in its hands: no fibers, no clock.
 *
 * What they replicate is what they have of each log, so that an item that is missing, comes twice or comes out of order
 * shows at once.
 */
import { assert } from "@effect/vitest"
import { NodeId } from "../../src/protocol/NodeId.ts"
import type { Action, Origin, Timer } from "../../src/replication/Action.ts"
import type { Recovered } from "../../src/replication/Recovery.ts"
import * as Replica from "../../src/replication/Replica.ts"
import { type Event, step } from "../../src/replication/Step.ts"
import type { Topology } from "../../src/replication/Topology.ts"
import * as View from "../../src/replication/View.ts"

/** An item says where it is from: its log, and its place there. */
type Item = readonly [log: string, seq: number]

export interface Machine {
  replica: Replica.Replica
  /** The items of each log that were delivered, merged or appended here. */
  state: Map<string, Array<Item>>
  /** The items of this node that were confirmed to it, and whose message did that. */
  confirmed: Array<{ readonly items: ReadonlyArray<Item>; readonly by: Machine }>
  appended: Array<Item>
  /** Whether it wants to know what all others have, and does. */
  catchesUp: boolean
  caughtUp: boolean
  /** The last of each node's logs that was settled here. */
  settled: Map<string, number>
}

/** What a store gives back: the state, and what follows it. */
interface Stored {
  readonly state: ReadonlyMap<string, ReadonlyArray<Item>>
  readonly recovered: Recovered
}

interface Envelope {
  readonly by: Machine
  readonly to: number
  readonly event: Event
}

export interface Setting {
  readonly size: number
  readonly topology: Topology
  readonly hasSnapshots?: boolean
  readonly maxItems?: number
}

export const make = ({ hasSnapshots = true, maxItems = 3, size, topology }: Setting) => {
  const nodeIds = Array.from({ length: size }, (_, index) => NodeId.make(`n${index}`))
  let now = 0
  let started = 0
  const network: Array<Envelope> = []
  /** Whose message is being taken in. */
  let arriving: Machine | undefined
  const warnings: Array<string> = []
  /** Logs that were over and of which a message of a machine that is no more has brought something. */
  const forgotten = new Set<string>()
  /** What was appended to each log, by anyone. */
  const written = new Map<string, Array<Item>>()

  const begin = (index: number, incarnation: number): Machine => ({
    replica: Replica.make(
      { nodeIds, self: nodeIds[index]!, topology, maxItems, hasSnapshots },
      incarnation * 2 ** 14 + started,
      started++,
      now
    ),
    state: new Map(),
    confirmed: [],
    appended: [],
    catchesUp: false,
    caughtUp: false,
    settled: new Map()
  })
  const machines = nodeIds.map((_, index) => begin(index, 1_000))

  const listOf = (state: Map<string, Array<Item>>, log: string) => {
    const items = state.get(log) ?? []
    state.set(log, items)
    return items
  }

  /**
   * No machine gets anything more of a log that was over when a later one was settled; unless a machine that is no more
   * has sent what nobody else remembers, which may come late.
   */
  const isNotOver = ({ settled }: Machine, { incarnation, node }: Origin) => {
    const present = settled.get(node)
    const log = `${node} ${incarnation}`
    if (arriving !== undefined && !machines.includes(arriving)) {
      forgotten.add(log)
    }
    if (present !== undefined && openedAt(incarnation) <= openedAt(present) && incarnation < present) {
      assert.isTrue(forgotten.has(log), `${log} is over`)
    }
  }

  const carryOut = (index: number, action: Action) => {
    const machine = machines[index]!
    switch (action._tag) {
      case "Send":
        return void network.push({
          by: machine,
          to: nodeIds.indexOf(action.to),
          event: { _tag: "Received", from: nodeIds[index]!, message: action.message }
        })
      case "SendPart":
        assert.isAtMost(action.message.elements.length, maxItems)
        return void network.push({
          by: machine,
          to: nodeIds.indexOf(action.to),
          event: { _tag: "ReceivedPart", from: nodeIds[index]!, message: action.message }
        })
      case "SendWant":
        return void network.push({
          by: machine,
          to: nodeIds.indexOf(action.to),
          event: { _tag: "ReceivedWant", from: nodeIds[index]!, message: action.message }
        })
      case "Deliver":
        isNotOver(machine, action.origin)
        for (const item of action.items as unknown as ReadonlyArray<Item>) {
          const log = `${action.origin.node} ${action.origin.incarnation}`
          const items = listOf(machine.state, log)
          assert.deepStrictEqual([...item], [log, items.length], `n${index} gets the next item of the log`)
          items.push(item)
        }
        return
      case "Merge": {
        const merged = new Map<string, Array<Item>>()
        for (const [log, seq] of action.elements as unknown as ReadonlyArray<Item>) {
          listOf(merged, log)[seq] = [log, seq]
        }
        for (const [log, items] of merged) {
          assert.strictEqual(Object.keys(items).length, items.length, "a snapshot without gaps")
          if (items.length > listOf(machine.state, log).length) {
            const [node, incarnation] = log.split(" ") as [NodeId, string]
            isNotOver(machine, { node, incarnation: Number(incarnation) })
            machine.state.set(log, items)
          }
        }
        return
      }
      case "TakeSnapshot":
        return run(index, {
          ...action,
          _tag: "SnapshotTaken",
          elements: [...machine.state.values()].flat() as never
        })
      case "Confirm": {
        // Of a retired log everyone had all, whoever has restarted since.
        const { retired } = machine.replica.view
        const items = machine.appended
          .slice(0, action.count)
          .filter(([log]) => retired.every(([node, incarnation]) => log !== `${nodeIds[node]} ${incarnation}`))
        for (const [log, seq] of items) {
          assert.isAbove(arriving!.state.get(log)?.length ?? 0, seq, "who confirms an item has it")
        }
        machine.confirmed.push({ items, by: arriving! })
        return
      }
      case "Settled":
        for (const { incarnation, node } of action.logs) {
          machine.settled.set(node, incarnation)
        }
        return
      case "CaughtUp":
        machine.caughtUp = true
        return
      case "Log":
        if (action.level === "Warn") {
          warnings.push(action.text)
        }
        return
      case "Arm":
      case "Retire":
        return
    }
  }

  const run = (index: number, event: Event): void => {
    for (const action of step(machines[index]!.replica, event, now)) {
      carryOut(index, action)
    }
  }

  const cluster = {
    nodeIds,
    machines,
    network,
    warnings,
    written,
    run,

    pass: (millis: number) => {
      now += millis
    },

    append: (index: number) => {
      const { appended, replica, state } = machines[index]!
      const log = `${nodeIds[index]} ${replica.own.at(-1)!.incarnation}`
      const item: Item = [log, listOf(written, log).length]
      listOf(written, log).push(item)
      listOf(state, log).push(item)
      appended.push(item)
      run(index, { _tag: "Appended", item: item as never })
    },

    /** Lets a message of those that are on their way arrive, and perhaps once more later. */
    deliver: (which: number, isRepeated = false) => {
      const envelope = network[which]
      if (envelope !== undefined) {
        if (!isRepeated) {
          network.splice(which, 1)
        }
        arriving = envelope.by
        run(envelope.to, envelope.event)
        arriving = undefined
      }
    },

    fire: (index: number, timer: Timer | undefined) => {
      if (timer !== undefined) {
        run(index, { _tag: "TimerFired", timer })
      }
    },

    /** Starts a node anew, by a clock that shows this, with empty memory or with what it had `stored` of that. */
    restart: (index: number, clock: number, stored?: Stored) => {
      machines[index] = begin(index, clock)
      const { recovered, state = [] } = stored ?? {}
      machines[index]!.state = new Map(
        Array.from(state).flatMap(([log, items]) => (items.length > 0 ? [[log, [...items]] as const] : []))
      )
      run(index, { _tag: "Started", ...(recovered !== undefined && { recovered }) })
    },

    catchUp: (index: number) => {
      machines[index]!.catchesUp = true
      run(index, { _tag: "CatchUp" })
    },

    /** What a store would have of a node: all that it has published, as items as far as these are kept. */
    store: (index: number): Stored => {
      const { replica, state } = machines[index]!
      const { log, view } = replica
      const truncated = [...log.truncated]
      const kept = new Map<string, ReadonlyArray<Item>>()
      for (const [position, [node, incarnation]] of view.logs.entries()) {
        const name = `${nodeIds[node]} ${incarnation}`
        kept.set(name, (state.get(name) ?? []).slice(0, truncated[position]))
      }
      for (const [node, incarnation] of view.retired) {
        const name = `${nodeIds[node]} ${incarnation}`
        kept.set(name, state.get(name) ?? [])
      }
      const runs = log.since(truncated, Number.POSITIVE_INFINITY)
      return { state: kept, recovered: { view: View.write(view), version: truncated, runs } }
    },

    /** Loses nothing any more, and lets everything happen that is due, for some rounds. */
    settle: (rounds: number) => {
      for (let round = 0; round < rounds; round++) {
        now += 1_000
        for (const [index, { replica }] of machines.entries()) {
          // Those that run now, not those that firing them arms.
          for (const timer of Array.from(replica.armed)) {
            run(index, { _tag: "TimerFired", timer })
          }
        }
        for (let turn = 0; network.length > 0; turn++) {
          assert.isBelow(turn, 20_000, "messages come to an end")
          cluster.deliver(0)
        }
      }
    }
  }
  for (const index of machines.keys()) {
    run(index, { _tag: "Started" })
  }
  return cluster
}

/** The how manieth start opened a log, whatever the clock showed. */
const openedAt = (incarnation: number) => incarnation % 2 ** 14

export type Machines = ReturnType<typeof make>

/** What is so at any time: what a node has is what its counts say, and of each log the beginning. */
export const isConsistent = ({ machines, nodeIds, written }: Machines): void => {
  for (const { replica, state } of machines) {
    for (const [log, items] of state) {
      assert.deepStrictEqual(items, written.get(log)!.slice(0, items.length))
    }
    const own = `${nodeIds[replica.self]} ${replica.own.at(-1)!.incarnation}`
    for (const [position, [node, incarnation]] of replica.view.logs.entries()) {
      const log = `${nodeIds[node]} ${incarnation}`
      const count = replica.log.version[position]! + (log === own ? replica.waiting.length : 0)
      assert.strictEqual(state.get(log)?.length ?? 0, count, `${log} at n${replica.self}`)
    }
    for (const [node, incarnation, count] of replica.view.retired) {
      assert.strictEqual(state.get(`${nodeIds[node]} ${incarnation}`)?.length ?? 0, count)
    }
  }
}

const stateOf = ({ state }: Machine) =>
  [...state].filter(([, items]) => items.length > 0).toSorted(([a], [b]) => (a < b ? -1 : 1))

/** What is so once all is well again. */
export const isWhole = (cluster: Machines): void => {
  const { machines } = cluster
  isConsistent(cluster)
  const [first] = machines
  for (const machine of machines) {
    assert.deepStrictEqual(stateOf(machine), stateOf(first!), `n${machine.replica.self} has what n0 has`)
    assert.strictEqual(machine.caughtUp, machine.catchesUp)
    // What a node that stayed up has appended is everywhere, and what was confirmed if somebody is left who had it.
    for (const [log, seq] of machine.appended) {
      assert.isAbove(first!.state.get(log)!.length, seq)
    }
  }
}

/** Nothing that was confirmed is lost while the node lives that confirmed it. */
export const keepsConfirmed = ({ machines }: Machines, confirmed: Machine["confirmed"]): void => {
  for (const { by, items } of confirmed) {
    for (const [log, seq] of machines.includes(by) ? items : []) {
      assert.isAbove(machines[0]!.state.get(log)?.length ?? 0, seq, `${log} is not lost`)
    }
  }
}
