/**
 * Broadcast on one node that keeps its values on its disk: a value is acknowledged, and shown to anybody, once it is
 * synced. Every so often a checkpoint takes the place of the log.
 */
import { Effect, Schema } from "effect"
import * as ValueSet from "../../../../src/challenges/broadcast/ValueSet.ts"
import { Broadcast } from "../../../../src/protocol/Broadcast.ts"
import type { NodeLayer } from "../../../../src/services/NodeProgram.ts"
import { Storage } from "../../../../src/services/Storage.ts"
import { StorageError } from "../../../../src/services/storage/StorageError.ts"
import type { StorageLog } from "../../../../src/services/storage/LogFile.ts"

/** The log that the node writes its values to. */
type Log = StorageLog<Schema.Json>

/** After how many values the log is replaced by a checkpoint. */
const checkpointEvery = 20

interface Options {
  /** Puts another log in place of the node's. */
  readonly alter?: (log: Log) => Log
  /** Whether a checkpoint has what the log has, or else only what may be shown. */
  readonly checkpointsAll?: boolean
}

/** A node that keeps what it promises, unless the options see to something else. */
export const make = ({ alter = (log) => log, checkpointsAll = true }: Options = {}): NodeLayer =>
  Broadcast.toLayer(
    Effect.gen(function* () {
      const { log: own, recovered } = yield* (yield* Storage).open("values", Schema.Json)
      const log = alter(own)
      const logged = ValueSet.make()
      const shown = ValueSet.make()
      for (const value of recovered) {
        logged.add(value)
        shown.add(value)
      }
      let sinceCheckpoint = 0

      return {
        topology: () => Effect.succeed({}),
        broadcast: Effect.fnUntraced(function* ({ message }) {
          log.append(message)
          logged.add(message)
          if (++sinceCheckpoint === checkpointEvery) {
            sinceCheckpoint = 0
            yield* log.replace(checkpointsAll ? logged.values : [...shown.values, message])
          } else {
            yield* log.sync
          }
          shown.add(message)
          return {}
        }, Effect.mapError(StorageError.toCrash)),
        read: () => Effect.sync(() => ({ messages: [...shown.values] }))
      }
    })
  )

export const layer = make()
