/**
 * Nodes of a challenge on a simulated network in virtual time, and clients that a test holds in its own hands.
 */
import { Effect, type Scope } from "effect"
import type { NodeLayer } from "../../src/services/NodeProgram.ts"
import { Init } from "../../src/protocol/Init.ts"
import { NodeId } from "../../src/protocol/NodeId.ts"
import * as Client from "../../src/workbench/clients/Client.ts"
import type { Connection } from "../../src/workbench/clients/Connection.ts"
import * as Network from "../../src/workbench/network/Network.ts"
import type { RunningNode } from "../../src/workbench/nodes/NodeHost.ts"
import * as InProcess from "../../src/workbench/nodes/InProcess.ts"
import * as Services from "../../src/workbench/services/Services.ts"
import * as Seeds from "../../src/workbench/simulation/Seeds.ts"
import * as VirtualTime from "../../src/workbench/simulation/VirtualTime.ts"

export interface Cluster {
  readonly ids: ReadonlyArray<NodeId>
  readonly nodes: ReadonlyArray<RunningNode>
  /** A client of each node. */
  readonly clients: ReadonlyArray<Connection>
  /** Starts a crashed node again. */
  restart(node: number): Effect.Effect<unknown, unknown>
  /** Lets nothing pass between two nodes. */
  cut(one: number, other: number): void
  /** Lets everything pass again. */
  heal(): void
  /** From now on loses this share of the messages between servers. */
  lose(share: number): void
}

export interface Setting {
  readonly size: number
  readonly latencyMillis?: number
  readonly seed?: string
}

/** Runs a program around a cluster that is up. */
export const run = <A, E>(
  challenge: NodeLayer,
  { latencyMillis = 10, seed = "0", size }: Setting,
  program: (cluster: Cluster) => Effect.Effect<A, E, Scope.Scope>
) =>
  Effect.suspend(() => {
    const time = VirtualTime.make()
    const ids = Array.from({ length: size }, (_, index) => NodeId.make(`n${index}`))
    const network = Network.make(time, Seeds.random(seed, "network"), {
      latency: latencyMillis,
      latencyDistribution: "constant"
    })
    const host = InProcess.make({
      behaviour: challenge,
      network,
      time,
      seed: (node, start) => `${seed}/${node}/${start}`
    })
    const connect = Client.make(network)
    const init = (id: NodeId) => connect(id).call(Init, { node_id: id, node_ids: ids as [NodeId, ...Array<NodeId>] })

    const started = Effect.gen(function* () {
      Services.attach(network, (name) => Seeds.random(seed, name))
      const nodes = yield* Effect.forEach(ids, host.start)
      yield* Effect.forEach(ids, init, { concurrency: "unbounded" })
      const running = program({
        ids,
        nodes,
        clients: ids.map((id) => connect(id)),
        restart: (node) => Effect.andThen(nodes[node]!.restart, init(ids[node]!)),
        cut: (one, other) => {
          network.drop(ids[one]!, ids[other]!)
          network.drop(ids[other]!, ids[one]!)
        },
        heal: network.heal,
        lose: (loss) => {
          network.faults = { loss, duplicate: 0, reorder: 0 }
        }
      })
      // A node that fails is a failure of the test.
      return yield* Effect.raceAllFirst([running, ...nodes.map(({ failure }) => failure)])
    }).pipe(Effect.scoped)

    return time.run(Effect.provide(started, time.layer({ random: Seeds.random(seed, "test") })))
  })
