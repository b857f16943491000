/**
 * Interprets a workload's generators: decides when each operation begins and which client invokes it, and records what
 * happens.
 *
 * After `jepsen.generator` and `jepsen.generator.interpreter`.
 */
import { Cause, Duration, Effect, FiberSet, Latch, type Random } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { Recorder } from "../history/Recorder.ts"
import { nowNanos, sleepUntil, toNanos } from "../simulation/MonotonicTime.ts"
import type {
  AnyWorkload,
  Completion,
  Generator,
  Invocation,
  WorkloadClient,
  WorkloadOptions
} from "../workloads/Workload.ts"
import type { Connection } from "../clients/Connection.ts"

/** What an interpreter needs besides generators. */
export interface Options {
  readonly workload: AnyWorkload
  readonly options: WorkloadOptions
  readonly connect: (node: NodeId) => Connection
  readonly recorder: Recorder
  readonly random: Random.Random
}

/** The clients of one test, which carry out what generators make. */
export interface Interpreter {
  /**
   * Begins operations until `duration` is over, at `rate` per second on average with random gaps between them, each by
   * a client that is free, and waits for all to end.
   */
  runMain(generator: Generator, duration: Duration.Duration): Effect.Effect<void>

  /**
   * Runs a generator of its own for every client, each operation as soon as the last has ended, until `atMost` is over.
   */
  runFinal(generator: (thread: number) => Generator, atMost: Duration.Duration): Effect.Effect<void>
}

/** Makes one client for each of `options.concurrency` threads. */
export const make = ({ connect, options, random, recorder, workload }: Options): Interpreter => {
  const threads = Array.from({ length: options.concurrency }, (_, index): Thread => ({
    index,
    process: index,
    client: undefined
  }))

  const open = (thread: Thread): WorkloadClient => {
    const node = options.nodeIds[thread.index % options.nodeIds.length]!
    return (thread.client ??= workload.client(connect(node), options))
  }

  const invoke = Effect.fnUntraced(function* (thread: Thread, invocation: Invocation, generator: Generator) {
    const entry = { ...invocation, process: thread.process }
    const record = (change: Completion | { readonly type: "invoke" }) => {
      const operation = recorder.record({ ...entry, ...change })
      generator.observe?.(operation)
    }
    record({ type: "invoke" })
    const completion = yield* open(thread)
      .invoke(invocation)
      .pipe(
        Effect.catch((error) => Effect.succeed(workload.onError(invocation, error))),
        Effect.catchDefect((defect) => Effect.succeed(crashed(defect)))
      )
    // After an unknown outcome the old process may still be at it, so that the client goes on as another.
    if (completion.type === "info") {
      thread.process += options.concurrency
      thread.client = undefined
    }
    record(completion)
  })

  return {
    runMain: Effect.fnUntraced(function* (generator, duration) {
      const free = [...threads]
      const freed = yield* Latch.make()
      const running = yield* FiberSet.make()
      const beganNanos = yield* nowNanos
      const endNanos = beganNanos + toNanos(duration)
      let nextNanos = options.rate > 0 ? beganNanos : endNanos

      for (;;) {
        yield* sleepUntil(nextNanos)
        while (free.length === 0) {
          yield* freed.close
          yield* freed.await
          nextNanos = yield* nowNanos
        }
        if ((yield* nowNanos) >= endNanos) {
          break
        }
        const [thread] = free.splice(Math.floor(random.nextDoubleUnsafe() * free.length), 1)
        const invocation = generator.next(thread!.index)
        if (invocation === undefined) {
          break
        }
        yield* invoke(thread!, invocation, generator).pipe(
          Effect.ensuring(
            Effect.suspend(() => {
              free.push(thread!)
              return freed.open
            })
          ),
          FiberSet.run(running, { startImmediately: true })
        )
        nextNanos += (random.nextDoubleUnsafe() * 2 * nanosPerSecond) / options.rate
        if (nextNanos >= endNanos) {
          yield* sleepUntil(endNanos)
          break
        }
      }
      yield* FiberSet.awaitEmpty(running)
    }, Effect.scoped),

    runFinal: (generator, atMost) =>
      Effect.forEach(
        threads,
        Effect.fnUntraced(function* (thread) {
          const own = generator(thread.index)
          const endNanos = (yield* nowNanos) + toNanos(atMost)
          for (;;) {
            const pause = own.pause?.() ?? Duration.zero
            if (Duration.isPositive(pause)) {
              yield* Effect.sleep(pause)
            }
            if ((yield* nowNanos) >= endNanos) {
              return
            }
            const invocation = own.next(thread.index)
            if (invocation === undefined) {
              return
            }
            yield* invoke(thread, invocation, own)
          }
        }),
        { concurrency: "unbounded", discard: true }
      )
  }
}

interface Thread {
  readonly index: number
  process: number
  client: WorkloadClient | undefined
}

const nanosPerSecond = 1_000_000_000

const crashed = (defect: unknown): Completion => ({
  type: "info",
  exception: true,
  error: `indeterminate: ${Cause.pretty(Cause.die(defect)).split("\n")[0]}`
})
