/**
 * Nodes that replicate numbers, on a simulated network in virtual time.
 */
import { Duration, Effect, Layer, Schema, type Scope } from "effect"
import { Init } from "../../src/protocol/Init.ts"
import { NodeId } from "../../src/protocol/NodeId.ts"
import * as Rpc from "../../src/protocol/Rpc.ts"
import { Durability, type Level } from "../../src/services/Durability.ts"
import { Node } from "../../src/services/Node.ts"
import * as Flush from "../../src/replication/Flush.ts"
import type * as RepairPolicy from "../../src/replication/RepairPolicy.ts"
import * as Replication from "../../src/replication/Replication.ts"
import * as Topology from "../../src/replication/Topology.ts"
import * as Client from "../../src/workbench/clients/Client.ts"
import type { CallError } from "../../src/workbench/clients/Connection.ts"
import * as Network from "../../src/workbench/network/Network.ts"
import type { NodeFailed, RunningNode } from "../../src/workbench/nodes/NodeHost.ts"
import * as InProcess from "../../src/workbench/nodes/InProcess.ts"
import * as Seeds from "../../src/workbench/simulation/Seeds.ts"
import * as VirtualTime from "../../src/workbench/simulation/VirtualTime.ts"

const Append = Rpc.make("append", { request: { item: Schema.Int }, reply: { seq: Schema.Int } })
const Confirm = Rpc.make("confirm", { request: { seq: Schema.Int } })

/** Whose item, in which incarnation, its sequence number, and the item. */
const Element = Schema.Tuple([NodeId, Schema.Int, Schema.Int, Schema.Int])
type Element = typeof Element.Type

/** What a node has in memory. */
export interface Replica {
  readonly replication: Replication.Replication<number>
  /** What it was given, by itself or in a snapshot, in order: whose item, and the item. */
  readonly delivered: ReadonlyArray<readonly [origin: string, item: number]>
}

export interface Cluster {
  readonly network: Network.Network
  readonly nodes: ReadonlyArray<RunningNode>
  /** Every node's memory, which is another one after a restart. */
  readonly replicas: ReadonlyArray<Replica>
  append(node: number, item: number): Effect.Effect<number, CallError>
  confirm(node: number, seq: number): Effect.Effect<unknown, CallError>
  /** Starts a crashed node again. */
  restart(node: number): Effect.Effect<void, CallError | NodeFailed>
  /** Lets nothing pass between two groups of nodes, in both directions. */
  cut(some: ReadonlyArray<number>, others: ReadonlyArray<number>): void
  /** How many messages went from one node to another since the beginning. */
  messages(): number
}

export interface Setting {
  readonly size: number
  readonly topology?: Topology.Topology
  readonly flush?: Flush.Flush
  readonly repair?: RepairPolicy.RepairPolicy
  readonly latencyMillis?: number
  readonly skewMillis?: (node: string) => number
  readonly seed?: string
  /** When an append is answered: at once if left out. */
  readonly durability?: Level
}

/** Runs a program around a cluster that is up. */
export const run = <A, E>(
  {
    durability = "memory",
    flush = Flush.immediately,
    latencyMillis = 20,
    repair,
    seed = "0",
    size,
    skewMillis = () => 0,
    topology = Topology.direct
  }: Setting,
  program: (cluster: Cluster) => Effect.Effect<A, E, Scope.Scope>
) =>
  Effect.suspend(() => {
    const time = VirtualTime.make()
    const ids = Array.from({ length: size }, (_, index) => NodeId.make(`n${index}`))
    const network = Network.make(time, Seeds.random(seed, "network"), {
      latency: latencyMillis,
      latencyDistribution: "constant"
    })
    const replicas: Array<Replica> = []
    const challenge = Layer.effectDiscard(
      Effect.gen(function* () {
        const node = yield* Node
        const delivered: Array<readonly [string, number]> = []
        /** The items of each log, which are the state that a snapshot is of. */
        const logs = new Map<string, Array<Element>>()
        const take = ({ incarnation, node }: Replication.Origin, item: number) => {
          const log = logs.get(`${node} ${incarnation}`) ?? []
          logs.set(`${node} ${incarnation}`, log)
          log.push([node, incarnation, log.length, item])
        }
        const deliver = (item: number, origin: Replication.Origin) => {
          take(origin, item)
          delivered.push([origin.node, item])
        }
        const replication = yield* Replication.make({
          name: "numbers",
          item: Schema.Int,
          topology,
          flush,
          ...(repair === undefined ? {} : { repair }),
          deliver,
          snapshots: {
            element: Element,
            take: () => [...logs.values()].flat(),
            merge: (elements) => {
              for (const [node, incarnation, seq, item] of elements) {
                if (seq === (logs.get(`${node} ${incarnation}`)?.length ?? 0)) {
                  deliver(item, { node, incarnation })
                }
              }
            }
          }
        })
        replicas[ids.indexOf(node.id)] = { replication, delivered }
        const append = (item: number) =>
          replication.appendWith((origin) => {
            take(origin, item)
            return item
          })
        yield* node.handle(Append, ({ item }) =>
          Effect.map(Effect.tap(append(item), replication.durable), (seq) => ({ seq }))
        )
        yield* node.handle(Confirm, ({ seq }) => Effect.as(replication.whenConfirmed(seq), {}))
      })
    )
    const host = InProcess.make({
      behaviour: Layer.provide(challenge, Layer.succeed(Durability, durability)),
      network,
      time,
      seed: (node, start) => `${seed}/${node}/${start}`,
      skewMillis
    })
    const connect = Client.make(network)
    const init = (id: NodeId) => connect(id).call(Init, { node_id: id, node_ids: ids as [NodeId, ...Array<NodeId>] })

    const started = Effect.gen(function* () {
      const nodes = yield* Effect.forEach(ids, host.start)
      yield* Effect.forEach(ids, init, { concurrency: "unbounded" })
      const running = program({
        network,
        nodes,
        replicas,
        append: (node, item) => Effect.map(connect(ids[node]!).call(Append, { item }), ({ seq }) => seq),
        confirm: (node, seq) => connect(ids[node]!, Duration.infinity).call(Confirm, { seq }),
        restart: (node) => Effect.andThen(nodes[node]!.restart, Effect.asVoid(init(ids[node]!))),
        cut: (some, others) => {
          for (const one of some) {
            for (const other of others) {
              network.drop(ids[one]!, ids[other]!)
              network.drop(ids[other]!, ids[one]!)
            }
          }
        },
        messages: () =>
          network.journal.filter(
            ({ event, message: { dest, src } }) => event === "send" && !Network.isClient(src) && !Network.isClient(dest)
          ).length
      })
      // A node that fails is a failure of the test.
      return yield* Effect.raceAllFirst([running, ...nodes.map(({ failure }) => failure)])
    }).pipe(Effect.scoped)

    return time.run(Effect.provide(started, time.layer({ random: Seeds.random(seed, "test") })))
  })

/** The items that a node was given of another one. */
export const deliveredOf = ({ delivered }: Replica, origin: string): ReadonlyArray<number> =>
  delivered.filter(([from]) => from === origin).map(([, item]) => item)

/** How many items each node keeps. */
export const retained = ({ replicas }: Cluster) => Effect.forEach(replicas, ({ replication }) => replication.retained)
