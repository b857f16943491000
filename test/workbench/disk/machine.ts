/**
 * A machine with a simulated disk, on which a node starts again and again.
 */
import { Context, Effect, Exit, FileSystem, Layer, Schema, Scope } from "effect"
import { Storage } from "../../../src/services/Storage.ts"
import * as SimulatedDisk from "../../../src/workbench/disk/SimulatedDisk.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"
import * as VirtualTime from "../../../src/workbench/simulation/VirtualTime.ts"
import { simulate } from "../simulation/simulate.ts"

/** A disk, and a way to open the one log on it as a node that starts would. */
const machine = (seed: string) => {
  const time = VirtualTime.make()
  const disk = SimulatedDisk.make(time, Seeds.random(seed, "disk"))
  const open = Effect.gen(function* () {
    const fileSystem = Layer.succeed(
      FileSystem.FileSystem,
      disk.mount((wake) => wake())
    )
    const scope = yield* Effect.acquireRelease(Scope.make(), (scope) => Scope.close(scope, Exit.void))
    const storage = Context.get(
      yield* Layer.buildWithScope(Layer.provide(Storage.layer("disk"), fileSystem), scope),
      Storage
    )
    return yield* Scope.provide(storage.open("items", Schema.Int), scope)
  })
  const nowMillis = () => time.nowNanos() / 1_000_000
  return { time, disk, open, nowMillis }
}

/** Runs a program around such a machine, in virtual time. */
export const run = <A, E>(
  seed: string,
  program: (parts: ReturnType<typeof machine>) => Effect.Effect<A, E, Scope.Scope>
): Effect.Effect<A, E> =>
  Effect.suspend(() => {
    const parts = machine(seed)
    return simulate(parts.time, Effect.scoped(program(parts)))
  })

export const fork = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.forkChild(effect, { startImmediately: true })
