import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Schema, Stream, SubscriptionRef } from "effect"
import { layer as echoNode } from "../../../src/challenges/echo/challenge.ts"
import { Echo } from "../../../src/protocol/Echo.ts"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import * as OneWay from "../../../src/protocol/OneWay.ts"
import { Abort } from "../../../src/protocol/RpcError.ts"
import { LinKv } from "../../../src/services/Kv.ts"
import { Node } from "../../../src/services/Node.ts"
import * as InProcessTest from "../../../src/workbench/run/InProcessTest.ts"
import type { Journal } from "../../../src/workbench/network/Journal.ts"
import { isClient } from "../../../src/workbench/network/Network.ts"
import * as TestOptions from "../../../src/workbench/run/TestOptions.ts"
import { notStarted, type Progress } from "../../../src/workbench/run/TestProgram.ts"
import { judge } from "../../../src/workbench/run/TestResult.ts"
import { workloads } from "../../../src/workbench/workloads/Workloads.ts"
import * as broadcastNode from "../nodes/reference/broadcast.ts"
import { run, seconds } from "../testRuns.ts"

const { broadcast, echo } = workloads

/** Asks the store before it echoes. */
const askingNode = Layer.unwrap(
  LinKv.use((store) => {
    const echoes = store.collection({ key: Schema.String, value: Schema.Json })
    return Effect.succeed(Node.serve(Echo.echo, ({ echo }) => Effect.as(echoes.write("last", echo), { echo })))
  })
)

const Stray = OneWay.make("echo", { echo: Schema.Json })

/** Sends every echo to a node that there is not as well. */
const strayNode = Layer.unwrap(
  Node.use((node) =>
    Effect.succeed(Node.serve(Echo.echo, (request) => Effect.as(node.send(Stray, NodeId.make("n9"), request), request)))
  )
)

/** How long messages were under way, those to and from clients, and those between servers: nanoseconds. */
const delays = (journal: Journal) => {
  const sent = new Map<number, number>()
  const delays = { clients: new Set<number>(), servers: new Set<number>() }
  for (const { event, message, timeNanos } of journal) {
    if (event === "send") {
      sent.set(message.id, timeNanos)
    } else {
      const group = isClient(message.src) || isClient(message.dest) ? delays.clients : delays.servers
      group.add(timeNanos - sent.get(message.id)!)
    }
  }
  return delays
}

describe("TestProgram", () => {
  it.effect("heals all faults at the time limit, leaves the nodes alone, and then runs the final operations", () =>
    Effect.gen(function* () {
      const { history, operations } = yield* run(broadcastNode.layer, broadcast, {
        nodeCount: 5,
        concurrency: 5,
        nemesis: ["partition", "loss", "pause"],
        nemesisInterval: "1 second",
        timeLimit: "5 seconds",
        recovery: "7 seconds"
      })
      const final = operations.filter((operation) => operation.final === true)
      assert.strictEqual(final.filter(({ type }) => type === "ok").length, 5)
      const healed = history.filter(({ process }) => process === "nemesis").slice(-6)
      assert.deepStrictEqual(
        healed.map(({ f }) => f),
        ["stop-partition", "stop-partition", "stop-loss", "stop-loss", "stop-pause", "stop-pause"]
      )
      const mainEnd = operations.findLast((operation) => operation.final !== true)!
      for (const { time } of healed) {
        assert.isAtLeast(time, Math.max(mainEnd.time, seconds(5)))
      }
      for (const { time } of final) {
        assert.strictEqual(time, healed.at(-1)!.time + seconds(7))
      }
    })
  )

  it.effect("has a crashed node begin anew, with its init and its setup", () =>
    Effect.gen(function* () {
      const options = {
        nodeCount: 3,
        nemesis: ["crash"],
        nemesisInterval: "1 second",
        timeLimit: "10 seconds",
        latency: "10 millis"
      } as const
      const record = yield* run(broadcastNode.layer, broadcast, options)
      const { history, journal } = record
      const crashes = history.filter(({ f, value }) => f === "start-crash" && Array.isArray(value))
      assert.isAbove(crashes.length, 1)
      const inits = journal.filter(({ event, message }) => event === "recv" && message.body.type === "init_ok")
      const setups = journal.filter(({ event, message }) => event === "recv" && message.body.type === "topology_ok")
      assert.strictEqual(inits.length, 3 + crashes.length)
      assert.strictEqual(setups.length, 3 + crashes.length)
      const { warnings, valid } = judge("broadcast", TestOptions.make({ ...options, concurrency: 3 }), record)
      assert.isTrue(valid)
      assert.deepStrictEqual(
        warnings.filter(({ name }) => name !== "forgotten"),
        []
      )
    })
  )

  it.effect("asks only the others in the end when a node has crashed for good, which stays away", () =>
    Effect.gen(function* () {
      const options = {
        nodeCount: 5,
        concurrency: 10,
        nemesis: ["crash-for-good", "crash"],
        nemesisInterval: "1 second",
        timeLimit: "10 seconds"
      } as const
      const { history, journal, operations } = yield* run(broadcastNode.layer, broadcast, options)
      const { time, value } = history.find(({ f, value }) => f === "start-crash-for-good" && Array.isArray(value))!
      const gone = (value as [string, ReadonlyArray<string>])[1]
      assert.isAtLeast(gone.length, 1)
      assert.isAtMost(gone.length, 2)
      const last = journal.filter(
        ({ message, timeNanos }) => gone.includes(message.src) && timeNanos > time + seconds(1)
      )
      assert.deepStrictEqual(last, [])
      const final = operations.filter((operation) => operation.final === true)
      assert.isTrue(final.every(({ type }) => type === "invoke" || type === "ok"))
      assert.strictEqual(final.length, 2 * 2 * (5 - gone.length))
    })
  )

  it.effect("restarts all nodes at once where the target is all", () =>
    Effect.gen(function* () {
      const { history, journal } = yield* run(broadcastNode.layer, broadcast, {
        nodeCount: 3,
        nemesis: ["crash"],
        nemesisTargets: ["all"],
        nemesisInterval: "1 second",
        timeLimit: "10 seconds"
      })
      const restarts = history.filter(
        ({ f, value }) => f === "stop-crash" && Array.isArray(value) && value[1].length > 0
      )
      assert.isAbove(restarts.length, 1)
      for (const { value } of restarts) {
        assert.deepStrictEqual(value, ["restarted", ["n0", "n1", "n2"]])
      }
      const inits = journal.filter(({ event, message }) => event === "recv" && message.body.type === "init_ok")
      assert.strictEqual(inits.length, 3 * (1 + restarts.length))
    })
  )

  it.effect("gets nothing out of a node that has crashed or is paused", () =>
    Effect.gen(function* () {
      const { history, journal } = yield* run(broadcastNode.layer, broadcast, {
        nodeCount: 3,
        nemesis: ["crash", "pause"],
        nemesisInterval: "1 second",
        timeLimit: "20 seconds"
      })
      const absent = new Map<string, number>()
      let absences = 0
      for (const { f, index, time, value } of history.filter(({ process }) => process === "nemesis")) {
        if (!Array.isArray(value)) {
          continue
        }
        for (const node of value[1] as ReadonlyArray<string>) {
          if (f.startsWith("start-")) {
            absent.set(node, history[index - 1]!.time)
            continue
          }
          const since = absent.get(node)!
          const sent = journal.filter(
            ({ event, message, timeNanos }) =>
              event === "send" && message.src === node && timeNanos > since && timeNanos < time
          )
          assert.deepStrictEqual(sent, [], `${node} is absent from ${since} to ${time}`)
          absences += 1
        }
      }
      assert.isAbove(absences, 5)
    })
  )

  it.effect("delays messages between servers, services among them, but none to or from a client", () =>
    Effect.gen(function* () {
      const { journal, operations } = yield* run(askingNode, echo, { latency: "100 millis", network: "ideal" })
      const { clients, servers } = delays(journal)
      assert.deepStrictEqual([...clients], [0])
      assert.deepStrictEqual([...servers], [seconds(0.1)])
      const [first, second] = operations.filter(({ process }) => process === operations[0]!.process)
      assert.strictEqual(second!.time - first!.time, seconds(0.2))
    })
  )

  it.effect("holds up requests of clients, by one latency at most, behind what a node waits for", () =>
    Effect.gen(function* () {
      const { clients, servers } = delays((yield* run(askingNode, echo, { latency: "100 millis" })).journal)
      assert.isAbove(Math.max(...clients), seconds(0.08))
      assert.isAtMost(Math.max(...clients), seconds(0.1))
      assert.deepStrictEqual([...servers], [seconds(0.1)])
    })
  )

  it.effect("tells how far the test has come", () =>
    Effect.gen(function* () {
      const told: Array<Progress> = []
      const progress = yield* SubscriptionRef.make(notStarted)
      const watching = yield* SubscriptionRef.changes(progress).pipe(
        Stream.runForEach((now) => Effect.sync(() => void told.push(now))),
        Effect.forkChild
      )
      const options = TestOptions.make({ nodeCount: 1, concurrency: 2, rate: 1000, timeLimit: "10 seconds" })
      const record = yield* InProcessTest.run(echoNode, echo, options, { progress })
      yield* Fiber.interrupt(watching)
      assert.isAbove(told.length, 5)
      for (const [index, progress] of told.entries()) {
        const before = told[index - 1] ?? { seconds: 0, operations: 0, messages: 0 }
        assert.isTrue(
          progress.seconds >= before.seconds &&
            progress.operations >= before.operations &&
            progress.messages >= before.messages,
          `${JSON.stringify(before)}, then ${JSON.stringify(progress)}`
        )
      }
      const last = told.at(-1)!
      assert.approximately(last.seconds, 10, 1)
      assert.approximately(last.operations, record.history.length / 2, 1000)
    })
  )

  it.effect("fails for a node that cannot be built, with the reason", () =>
    Effect.gen(function* () {
      const broken = Layer.effectDiscard(Effect.fail(new Abort({ text: "there is no room for a fourth node" })))
      const error = yield* Effect.flip(run(broken, echo))
      assert.strictEqual(error._tag, "NodeFailed")
      assert.match(error.message, /^n0 .*there is no room for a fourth node/)
      assert.notMatch(error.message, /\n/)
    })
  )

  it.effect("fails for a node that is a bug from the beginning, with the reason", () =>
    Effect.gen(function* () {
      const broken = Layer.effectDiscard(Effect.die(new TypeError("x is not a function")))
      const error = yield* Effect.flip(run(broken, echo))
      assert.strictEqual(error._tag, "NodeFailed")
      assert.match(error.message, /^n0 .*x is not a function/)
      assert.notMatch(error.message, /\n/)
    })
  )

  it.effect("fails for the first of several nodes that fail at about the same time, in whatever order they do", () =>
    Effect.gen(function* () {
      const endsSooner = Layer.effectDiscard(
        Effect.gen(function* () {
          const { id } = yield* Node
          yield* Effect.sleep(id === NodeId.make("n1") ? "10 millis" : "100 millis")
          return yield* Effect.die("no more")
        })
      )
      const error = yield* Effect.flip(run(endsSooner, echo, { nodeCount: 3 }))
      assert.strictEqual(error.node, "n0")
    })
  )

  it.effect("fails for a node that does not answer init, with the end of its log", () =>
    Effect.gen(function* () {
      const stuck = Layer.effectDiscard(Effect.andThen(Effect.logInfo("still looking for my keys"), Effect.never))
      const error = yield* Effect.flip(run(stuck, echo))
      assert.strictEqual(error._tag, "NodeFailed")
      assert.strictEqual(error.message, "n0 did not answer init: no reply to init from n0 within 10s")
      assert.match("log" in error ? error.log.join() : "", /still looking for my keys/)
    })
  )

  it.effect("fails for a node whose answer to init matches no request, with the reason", () =>
    Effect.gen(function* () {
      const confused = Layer.effectDiscard(
        Node.use((node) => Effect.andThen(node.send(OneWay.make("init_ok"), NodeId.make("c0"), {}), Effect.never))
      )
      const error = yield* Effect.flip(run(confused, echo))
      assert.strictEqual(
        error.message,
        "n0 did not answer init: no reply to init from n0 within 10s; " +
          'n0 sent c0 an init_ok without in_reply_to, expected "in_reply_to":1, the msg_id of its request'
      )
    })
  )

  it.effect("fails for a node that refuses its setup, with the reason", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(run(echoNode, broadcast))
      assert.strictEqual(error._tag, "NodeFailed")
      assert.match(error.message, /^n0 .*its setup: no handler for topology$/)
    })
  )

  it.effect("fails for a message to a node that does not exist", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(run(strayNode, echo))
      assert.strictEqual(error._tag, "NodeFailed")
      assert.match(error.message, /^n0 sent a message to n9, which does not exist: \{.*"type":"echo".*\}$/)
    })
  )
})
