/**
 * A test from its first message to its last, on whatever time and whatever carries its nodes.
 *
 * After `jepsen.core/run!` and `maelstrom.core/maelstrom-test`.
 */
import { Duration, Effect } from "effect"
import { Init } from "../protocol/Init.ts"
import { NodeId } from "../protocol/NodeId.ts"
import * as Client from "./clients/Client.ts"
import * as Interpreter from "./clients/Interpreter.ts"
import type { History } from "./history/Operation.ts"
import * as Recorder from "./history/Recorder.ts"
import type { Journal } from "./network/Journal.ts"
import type { Network } from "./network/Network.ts"
import { type Carrier, NodeFailed, type RunningNode } from "./nodes/Carrier.ts"
import * as Services from "./services/Services.ts"
import * as Seeds from "./simulation/Seeds.ts"
import type { Timeline } from "./simulation/Timeline.ts"
import type { TestOptions } from "./TestOptions.ts"
import { type Topology, topologies } from "./workloads/Topologies.ts"
import type { Workload } from "./workloads/Workload.ts"

/** What a test leaves behind. */
export interface TestRecord {
  readonly history: History
  readonly journal: Journal
  /** What each node logged, line by line. */
  readonly logs: { readonly [node: string]: ReadonlyArray<string> }
}

/** How far a test has come. It is updated in place while the test runs. */
export interface Progress {
  /** Seconds of the test's own time since its operations began. */
  seconds: number
  operations: number
  messages: number
}

export interface Setting {
  readonly timeline: Timeline
  readonly network: Network
  readonly carrier: Carrier
  readonly workload: Workload
  readonly options: TestOptions
}

/** The names of a test's nodes: `n0`, `n1`, … */
export const nodeIds = (count: number): ReadonlyArray<NodeId> =>
  Array.from({ length: count }, (_, index) => NodeId.make(`n${index}`))

/**
 * Starts the services and the nodes, initialises them, runs the workload with its faults, heals these, waits, runs the
 * final operations, and stops everything. Fails with `NodeFailed` when a node cannot be started, does not answer
 * `init`, or ends on its own.
 */
export const run = Effect.fnUntraced(function* ({ carrier, network, options, timeline, workload }: Setting) {
  const random = (name: string) => Seeds.random(options.seed, name)
  const ids = nodeIds(options.nodeCount)
  const connect = Client.make(network)
  const settings = {
    ...options,
    nodeIds: ids,
    topology: topologies[options.topology as Topology](ids)
  }

  Services.attach(network, random)
  network.faults = options.faults

  const nodes = yield* Effect.forEach(ids, (id) => carrier.start(id), { concurrency: "unbounded" })
  const initialise = Effect.fnUntraced(function* (node: RunningNode) {
    yield* connect(node.id, initTimeout)
      .call(Init, { node_id: node.id, node_ids: ids as [NodeId, ...Array<NodeId>] })
      .pipe(
        Effect.catch((error) =>
          Effect.flatMap(node.log, (log) =>
            Effect.fail(
              new NodeFailed({ node: node.id, text: `did not answer init: ${error.text}`, log: log.slice(-20) })
            )
          )
        )
      )
  })

  const test = Effect.gen(function* () {
    yield* Effect.forEach(nodes, initialise, { concurrency: "unbounded", discard: true })
    yield* Effect.forEach(ids, (id) => workload.setup?.(connect(id), settings) ?? Effect.void, {
      concurrency: "unbounded",
      discard: true
    }).pipe(
      Effect.mapError((error) => new NodeFailed({ node: "a node", text: `refused its setup: ${error.text}`, log: [] }))
    )

    const recorder = Recorder.make(timeline)
    const interpreter = Interpreter.make({ workload, options: settings, connect, recorder, random: random("clients") })
    const main = workload.generator(settings, random("generator"))

    yield* interpreter.runMain(main, options.timeLimit)

    if (workload.finalGenerator !== undefined) {
      yield* Effect.sleep(Duration.seconds(options.recovery))
      const final = workload.finalGenerator(settings, main, random("final generator"))
      yield* interpreter.runFinal(final, workload.finalTimeLimit ?? Number.POSITIVE_INFINITY)
    }
    const logs = yield* Effect.forEach(nodes, (node) => Effect.map(node.log, (log) => [node.id, log] as const))
    return { history: recorder.history, journal: network.journal, logs: Object.fromEntries(logs) }
  })

  return yield* Effect.raceFirst(test, Effect.raceAllFirst(nodes.map((node) => node.failure)))
}, Effect.scoped)

/** How long a node may take to answer `init`, as in Maelstrom. */
const initTimeout = Duration.seconds(10)
