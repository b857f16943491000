/**
 * Simulated disk of a node, which outlives its crashes: what was not synced may then be lost or torn, and its reads,
 * writes and syncs take time, fail, or do not return.
 *
 * After the simulated disks of FoundationDB (https://apple.github.io/foundationdb/testing.html) and TigerBeetle
 * (https://github.com/tigerbeetle/tigerbeetle/blob/main/docs/internals/vopr.md). A crash is that of the machine: the
 * page cache is gone. After a sync that failed, what it should have written counts as written, as on Linux, so that the
 * next sync does not help (https://wiki.postgresql.org/wiki/Fsync_Errors).
 */
import { Effect, FileSystem, PlatformError, type Random } from "effect"
import * as Draw from "../simulation/Draw.ts"
import type { Timeline } from "../simulation/Timeline.ts"
import * as SimulatedFile from "./SimulatedFile.ts"

/** How a disk fails: each operation with an error, or by never coming back. */
export const faults = ["failing", "hanging"] as const
export type DiskFault = (typeof faults)[number]

/** What the nemesis can do to a disk. */
export interface FaultyDisk {
  /** Whether the node has opened anything on it. */
  isUsed(): boolean

  /** Lets all operations that end from now on end so, until it is `undefined`; what has not come back then does. */
  setFault(fault: DiskFault | undefined): void
}

/** A disk. */
export interface SimulatedDisk extends FaultyDisk {
  /**
   * The disk as a process sees it that starts now, and until {@link crash}. It is a single folder, of which there is
   * what a log needs: to open files for appending, to sync them and the folder, to read and to rename them. `gate`
   * holds what an operation that is done sets going, for instance while the process is paused.
   */
  mount(gate: (wake: () => void) => void): FileSystem.FileSystem

  /** Ends all operations under way, and loses what is not on the platter. */
  crash(): void
}

/** The mean time of an operation, in nanoseconds: times are distributed exponentially. */
const meanNanos = { sync: 1_000_000, other: 100_000 } as const

/** An empty disk. */
export const make = (timeline: Timeline, random: Random.Random): SimulatedDisk => {
  let listed = new Map<string, SimulatedFile.SimulatedFile>()
  let synced = new Map<string, SimulatedFile.SimulatedFile>()
  /** Changes of the folder that are in the page cache alone. */
  let unlisted: Array<(files: typeof listed) => void> = []
  let fault: DiskFault | undefined
  let mounts = 0
  let isUsed = false
  const hanging = new Set<() => void>()
  const underWay = new Set<() => void>()

  const change = (one: (files: typeof listed) => void) => {
    unlisted.push(one)
    one(listed)
  }
  const syncFolder = (changes: number) => {
    for (const one of unlisted.splice(0, changes)) {
      one(synced)
    }
  }

  const mount: SimulatedDisk["mount"] = (gate) => {
    const mounted = ++mounts
    const operation = <A>(
      method: string,
      perform: () => A,
      { begin, failed, mean = meanNanos.other }: OperationOptions = {}
    ) =>
      Effect.callback<A, PlatformError.PlatformError>((resume) => {
        if (mounted !== mounts) {
          return resume(Effect.interrupt)
        }
        isUsed = true
        begin?.()
        const end = (result: Effect.Effect<A, PlatformError.PlatformError>) =>
          gate(() => {
            underWay.delete(crashed)
            resume(result)
          })
        const done = () => {
          if (!underWay.has(crashed)) {
            return
          }
          if (fault === "hanging") {
            hanging.add(done)
          } else if (fault === "failing") {
            failed?.()
            end(Effect.fail(ioError(method)))
          } else {
            end(Effect.succeed(perform()))
          }
        }
        const crashed = () => resume(Effect.interrupt)
        underWay.add(crashed)
        timeline.after(Draw.exponential(random, mean), done)
      })

    const handle = (file: SimulatedFile.SimulatedFile): FileSystem.File => ({
      ...noFile,
      truncate: (size = 0) => operation("truncate", () => file.truncate(size)),
      // From its begin on a crash may find any part of it on the platter.
      writeAll: (bytes) => operation("write", () => undefined, { begin: () => file.append(bytes) }),
      sync: Effect.suspend(() => {
        const changes = file.unsynced()
        return operation("sync", () => file.sync(changes), { mean: meanNanos.sync, failed: () => file.lose(random) })
      })
    })

    const folder: FileSystem.File = {
      ...noFile,
      sync: Effect.suspend(() => {
        const changes = unlisted.length
        return operation("sync", () => syncFolder(changes), { mean: meanNanos.sync })
      })
    }

    return FileSystem.makeNoop({
      makeDirectory: () => Effect.void,
      open: (path, options) =>
        options?.flag === undefined
          ? Effect.succeed(folder)
          : operation("open", () => {
              const file = listed.get(path) ?? SimulatedFile.make()
              if (!listed.has(path)) {
                change((files) => files.set(path, file))
              }
              return handle(file)
            }),
      readFile: (path) => operation("read", () => listed.get(path)?.read() ?? new Uint8Array(0)),
      rename: (from, to) =>
        operation("rename", () => {
          const file = listed.get(from)!
          change((files) => {
            files.delete(from)
            files.set(to, file)
          })
        })
    })
  }

  return {
    isUsed: () => isUsed,
    setFault: (next) => {
      fault = next
      const back = [...hanging]
      hanging.clear()
      for (const done of back) {
        done()
      }
    },
    mount,
    crash: () => {
      mounts += 1
      hanging.clear()
      const ended = [...underWay]
      underWay.clear()
      for (const crashed of ended) {
        crashed()
      }
      if (unlisted.length > 0) {
        syncFolder(Draw.integerBelow(random, unlisted.length + 1))
        unlisted = []
      }
      for (const file of new Set([...listed.values(), ...synced.values()])) {
        file.lose(random)
      }
      listed = new Map(synced)
    }
  }
}

interface OperationOptions {
  readonly mean?: number
  /** What it does at once. */
  readonly begin?: () => void
  /** What it does where it fails. */
  readonly failed?: () => void
}

const ioError = (method: string) =>
  PlatformError.systemError({ _tag: "Unknown", module: "FileSystem", method, description: "input/output error" })

const notSimulated = Effect.die(new Error("not simulated"))

const noFile: FileSystem.File = {
  [FileSystem.FileTypeId]: FileSystem.FileTypeId,
  stat: notSimulated,
  seek: () => notSimulated,
  sync: notSimulated,
  read: () => notSimulated,
  readAlloc: () => notSimulated,
  truncate: () => notSimulated,
  write: () => notSimulated,
  writeAll: () => notSimulated
}
