/**
 * Runs a test from its first message to its last, in any time and with nodes on any host.
 *
 * After `jepsen.core/run!` and `maelstrom.core/maelstrom-test`.
 */
import { Duration, Effect, Predicate } from "effect"
import { NodeId } from "../../protocol/NodeId.ts"
import * as Client from "../clients/Client.ts"
import { unmatchedReplies } from "../clients/UnmatchedReplies.ts"
import type { CallError } from "../clients/Connection.ts"
import { Init } from "../clients/Replies.ts"
import * as Interpreter from "./Interpreter.ts"
import type { History } from "../history/Operation.ts"
import * as Recorder from "../history/Recorder.ts"
import * as Nemesis from "../nemesis/Nemesis.ts"
import type { Journal } from "../network/Journal.ts"
import type { Network } from "../network/Network.ts"
import * as Jitter from "../nodes/Jitter.ts"
import { type NodeHost, NodeFailed, type RunningNode } from "../nodes/NodeHost.ts"
import * as Services from "../services/Services.ts"
import * as Seeds from "../simulation/Seeds.ts"
import type { Timeline } from "../simulation/Timeline.ts"
import { nodeIds, type TestOptions } from "./TestOptions.ts"
import { topologies } from "../network/Topologies.ts"
import type { AnyWorkload, Generator } from "../workloads/Workload.ts"

/** What a test leaves behind. */
export interface TestRecord {
  readonly history: History
  readonly journal: Journal
  /** The journal's time at which the history begins. */
  readonly originNanos: number
  /** What each node logged, line by line. */
  readonly logs: { readonly [node: string]: ReadonlyArray<string> }
  /** What is odd about the output of a node, as the end of a sentence about it; absent where nothing is. */
  readonly complaints?: { readonly [node: string]: string }
}

/** How far a test has come: seconds of its own time, operations begun, messages sent. */
export interface Progress {
  readonly seconds: number
  readonly operations: number
  readonly messages: number
}

/** The progress of a test that is still being set up. */
export const notStarted: Progress = { seconds: 0, operations: 0, messages: 0 }

export interface Setting {
  readonly timeline: Timeline
  readonly network: Network
  readonly host: NodeHost
  readonly workload: AnyWorkload
  readonly options: TestOptions
}

/** A test that can be run once. */
export interface TestProgram {
  /**
   * Starts the services and the nodes, initialises them, runs the workload with its faults, heals these, waits, runs
   * the final operations of all clients whose nodes are there, and stops everything. Fails with `NodeFailed` when a
   * node cannot be started, does not answer `init`, ends on its own, or sends to nobody.
   */
  readonly run: Effect.Effect<TestRecord, NodeFailed>

  /** How far it has come. It is counted when it is asked for, and so costs a test nothing that nobody watches. */
  readonly progress: Effect.Effect<Progress>
}

/** Prepares a test; nothing has begun yet. */
export const make = ({ host, network, options, timeline, workload }: Setting): TestProgram => {
  const random = (name: string) => Seeds.random(options.seed, name)
  const ids = options.nodeNames ?? nodeIds(options.nodeCount)
  const connect = Client.make(network)
  const nodeHost = Jitter.make(host, options.jitter, (node) => random(`jitter/${node}`))
  const settings = {
    ...options,
    nodeIds: ids,
    topology: topologies[options.topology](ids)
  }
  let begun: { readonly originNanos: number; readonly history: History } | undefined

  const initialise = (node: RunningNode, wait = initTimeout) =>
    ask(
      node,
      "init",
      connect(node.id, wait).call(Init, { node_id: node.id, node_ids: ids as [NodeId, ...Array<NodeId>] }),
      network
    )
  const setup = (node: RunningNode) =>
    ask(
      node,
      "its setup",
      workload.setup === undefined
        ? Effect.void
        : connect(node.id).call(workload.setup.call, workload.setup.request(settings)),
      network
    )
  const restart = (node: RunningNode) =>
    node.restart.pipe(Effect.andThen(initialise(node, restartTimeout)), Effect.andThen(setup(node)))

  const testOf = Effect.fnUntraced(function* (nodes: ReadonlyArray<RunningNode>) {
    yield* Effect.forEach(nodes, (node) => initialise(node), { concurrency: "unbounded", discard: true })
    yield* Effect.forEach(nodes, (node) => setup(node), { concurrency: "unbounded", discard: true })

    const recorder = Recorder.make(timeline)
    const { history } = recorder
    const originNanos = timeline.nowNanos()
    begun = { originNanos, history }
    const interpreter = Interpreter.make({ workload, options: settings, connect, recorder, random: random("clients") })
    const main = workload.generator(settings, random("generator"))
    const nemesis = Nemesis.make({
      kinds: options.nemesis,
      interval: options.nemesisInterval,
      timeLimit: options.timeLimit,
      targets: options.nemesisTargets,
      alwaysStrikes: options.nemesisAlwaysStrikes,
      clockSkew: options.clockSkew,
      network,
      nodes,
      restartNode: (id) => restart(nodes.find((node) => node.id === id)!),
      random: random("nemesis"),
      record: recorder.record
    })

    yield* Effect.raceFirst(interpreter.runMain(main, options.timeLimit), Effect.andThen(nemesis.run, Effect.never))
    yield* nemesis.heal
    const final = workload.finalGenerator?.(settings, main, random("final generator"))
    if (final !== undefined) {
      yield* Effect.sleep(options.recovery)
      // Nobody waits for a node that will never answer: each client keeps to its node, and these have nothing to ask.
      const ofLiving = (thread: number): Generator =>
        nemesis.isGone(ids[thread % ids.length]!) ? nothing : final(thread)
      yield* interpreter.runFinal(ofLiving, workload.finalTimeLimit ?? Duration.infinity)
    }
    const logs = yield* Effect.forEach(nodes, (node) => Effect.map(node.log, (log) => [node.id, log] as const))
    const complaints = yield* Effect.forEach(nodes, ({ complaint = Effect.undefined, id }) =>
      Effect.map(complaint, (text) => (text === undefined ? [] : [[id, text] as const]))
    )
    return {
      history,
      journal: network.journal,
      originNanos,
      logs: Object.fromEntries(logs),
      complaints: Object.fromEntries(complaints.flat())
    }
  })

  return {
    run: Effect.gen(function* () {
      Services.attach(network, random, options)
      network.faults = options.faults
      const starts = yield* Effect.forEach(ids, (id) => Effect.result(nodeHost.start(id)), { concurrency: "unbounded" })
      const nodes = yield* Effect.forEach(starts, Effect.fromResult)
      return yield* Effect.raceFirst(testOf(nodes), Effect.raceAllFirst(nodes.map((node) => node.failure))).pipe(
        Effect.catch((error) => Effect.flatMap(firstOf(nodes, error), Effect.fail))
      )
    }).pipe(Effect.scoped),

    progress: Effect.sync(() =>
      begun === undefined
        ? notStarted
        : {
            seconds: (timeline.nowNanos() - begun.originNanos) / 1e9,
            operations: Math.ceil(begun.history.length / 2),
            messages: Math.ceil(network.journal.length / 2)
          }
    )
  }
}

/**
 * Of nodes that fail at about the same time, the first in the cluster's order. Processes that all end at once are seen
 * to end in any order, and a test that fails again should fail with the same words.
 */
const firstOf = Effect.fnUntraced(function* (nodes: ReadonlyArray<RunningNode>, error: NodeFailed) {
  const failures = yield* Effect.forEach(
    nodes,
    ({ failure, id }) =>
      id === error.node
        ? Effect.succeed(error)
        : Effect.timeoutOrElse(Effect.flip(failure), {
            duration: alike,
            orElse: () => Effect.undefined
          }),
    { concurrency: "unbounded" }
  )
  return failures.find(Predicate.isNotUndefined) ?? error
})

/** How long after a node has failed another still fails along with it. */
const alike = Duration.millis(250)

const nothing: Generator = { next: () => undefined }

/** How long a node may take to answer `init`, as in Maelstrom. */
const initTimeout = Duration.seconds(10)

/** How long one that starts again may take, in the midst of faults that keep it from what it needs. */
const restartTimeout = Duration.minutes(2)

/** What a node does not answer before the test has begun is the node's failure. */
const ask = <A>(node: RunningNode, what: string, call: Effect.Effect<A, CallError>, { journal }: Network) =>
  Effect.catch(
    call,
    Effect.fnUntraced(function* (error) {
      const log = yield* node.log
      const complaint = error._tag === "Timeout" ? yield* node.complaint ?? Effect.undefined : undefined
      const unmatched = unmatchedReplies(journal).findLast((reply) => reply.node === node.id)
      const reasons = [error.text, complaint && `it ${complaint}`, unmatched?.text].filter(Predicate.isNotNullish)
      const text = `did not answer ${what}: ${reasons.join("; ")}`
      return yield* new NodeFailed({ node: node.id, text, log: log.slice(-20) })
    })
  )
