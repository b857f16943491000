/**
 * Hosts nodes in this process, on virtual time.
 */
import {
  Cause,
  Context,
  Deferred,
  Duration,
  Effect,
  Exit,
  Fiber,
  FileSystem,
  Layer,
  Logger,
  Random,
  References
} from "effect"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import type { Message } from "../../protocol/Message.ts"
import * as NodeProgram from "../../services/NodeProgram.ts"
import * as Policy from "../../services/Policy.ts"
import { Storage, StorageOfNode } from "../../services/Storage.ts"
import { Transport } from "../../services/Transport.ts"
import * as SimulatedDisk from "../disk/SimulatedDisk.ts"
import type { Network } from "../network/Network.ts"
import * as MachineClock from "../simulation/MachineClock.ts"
import * as Seeds from "../simulation/Seeds.ts"
import type { VirtualTime } from "../simulation/VirtualTime.ts"
import { type NodeHost, NodeFailed } from "./NodeHost.ts"

export interface Options {
  readonly behaviour: NodeLayer
  readonly network: Network
  readonly time: VirtualTime
  /** The seed of a node's own randomness, for every start anew, from 1 on, and at 0 for its machine's. */
  readonly seed: (node: string, start: number) => string
  /** How far a node's wall clock is ahead of the simulation at first, in milliseconds. */
  readonly skewMillis?: (node: string) => number
}

/**
 * Each node is its behaviour's layer with a transport onto the network and a clock, a disk, a random source and a
 * logger of its own. It cannot tell this from a process. It fails when it ends, or sends to nobody. After a pause its
 * timers go first, and then what has arrived meanwhile, as in an event loop that finds time to have passed. A crash is
 * that of its machine, so that what it has not synced may be gone from its disk, which works again when it restarts.
 */
export const make = ({ behaviour, network, seed, skewMillis = () => 0, time }: Options): NodeHost => ({
  start: Effect.fnUntraced(function* (id) {
    const log: Array<string> = []
    const failed = yield* Deferred.make<never, NodeFailed>()
    const machine = MachineClock.make(skewMillis(id))
    const disk = SimulatedDisk.make(time, Seeds.random(seed(id, 0), "disk"))
    const held: { readonly timers: Array<() => void>; readonly arrivals: Array<() => void> } = {
      timers: [],
      arrivals: []
    }
    let paused = false
    let starts = 0
    let stop: Effect.Effect<void> = Effect.void

    const fail = (text: string) =>
      Deferred.doneUnsafe(failed, Effect.fail(new NodeFailed({ node: id, text, log: log.slice(-20) })))
    const whenRunning = (kind: keyof typeof held, event: () => void) => (paused ? void held[kind].push(event) : event())
    const logger = Logger.map(Logger.formatLogFmt, (line) => void log.push(line.replace(fiberNumber, "")))

    const start = Effect.fnUntraced(function* () {
      let alive = true
      const random = yield* Random.withSeed(Random.Random, seed(id, ++starts))
      disk.setFault(undefined)
      const fileSystem = Layer.succeed(
        FileSystem.FileSystem,
        disk.mount((wake) => whenRunning("arrivals", wake))
      )
      const context = time.context({ random, machine, gate: (wake) => whenRunning("timers", wake) }).pipe(
        Context.add(Logger.CurrentLoggers, new Set([logger])),
        Context.add(References.MinimumLogLevel, "Debug"),
        Context.add(Policy.ShutdownGrace, Duration.zero),
        Context.add(StorageOfNode, () => Layer.provide(Storage.layer("disk"), fileSystem)),
        Context.add(
          Transport,
          Transport.of({
            run: (onMessage) =>
              Effect.contextWith((services) => {
                const fork = Effect.runForkWith(services)
                const receive = (message: Message) => void (alive && fork(onMessage(message)))
                network.attach(id, (message) => whenRunning("arrivals", () => receive(message)))
                return Effect.never
              }),
            send: (message) =>
              Effect.sync(() => {
                const invalid = alive ? network.send(message) : undefined
                if (invalid !== undefined) {
                  fail(invalid.text)
                }
              })
          })
        )
      )
      network.attach(id, () => undefined)
      const fiber = Effect.runForkWith(context)(NodeProgram.run(behaviour))
      fiber.addObserver((exit) => {
        if (alive && Exit.isFailure(exit)) {
          fail(`ended: ${Cause.pretty(exit.cause).split("\n")[0]}`)
        }
      })
      stop = Effect.suspend(() => {
        alive = false
        paused = false
        held.timers.length = 0
        held.arrivals.length = 0
        network.attach(id, () => undefined)
        disk.crash()
        return Fiber.interrupt(fiber)
      })
    })

    yield* Effect.acquireRelease(start(), () => Effect.suspend(() => stop))
    return {
      id,
      crash: Effect.suspend(() => stop),
      restart: start(),
      pause: Effect.sync(() => {
        paused = true
      }),
      resume: Effect.sync(() => {
        paused = false
        for (const event of [...held.timers.splice(0), ...held.arrivals.splice(0)]) {
          event()
        }
      }),
      disk,
      setClock: (setting) => Effect.sync(() => machine.set(time.nowNanos(), setting)),
      failure: Deferred.await(failed),
      log: Effect.sync(() => [...log])
    }
  })
})

/** Fibers are numbered throughout the process, and so not the same in the next run of the same test. */
const fiberNumber = / fiber=#\d+/
