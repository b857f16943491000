/**
 * Transactions that see, or undo, what they should not.
 */
import { Effect, Semaphore } from "effect"
import type { CompletedMicroOperation, MicroOperation } from "../../../../src/protocol/Txn.ts"
import { Abort } from "../../../../src/protocol/RpcError.ts"
import { apply, layer, locked, make, type Registers, think } from "../reference/registers.ts"
import { type Scenario, sometimes } from "./BrokenNode.ts"

const options = { nodeCount: 1, concurrency: 6, rate: 300, timeLimit: "3 seconds", keyCount: 4 } as const

/** Carries out micro-operations one after another, each with its time to think, in the midst of all others. */
const interleaved = (transaction: ReadonlyArray<MicroOperation>, registers: Registers) =>
  Effect.forEach(transaction, (operation) =>
    Effect.tap(
      Effect.sync(() => apply(registers, operation)),
      think
    )
  )

const writesNothing = (transaction: ReadonlyArray<MicroOperation>) => transaction.every(([f]) => f === "r")

export const readUncommitted: Scenario = {
  name: "txn-rw-register under read-uncommitted",
  workload: "txn-rw-register",
  options: { ...options, consistencyModels: ["read-uncommitted"] },
  control: locked,
  broken: [
    {
      bug: "lets transactions overwrite each other's writes before they are done",
      finds: "G0",
      strict: true,
      layer: make((registers) => (transaction) => interleaved(transaction, registers))
    }
  ]
}

export const readCommitted: Scenario = {
  name: "txn-rw-register under read-committed",
  workload: "txn-rw-register",
  options: { ...options, consistencyModels: ["read-committed"] },
  control: locked,
  broken: [
    {
      bug: "does not undo what an aborted transaction has written",
      finds: "G1a",
      layer: make(
        (registers) => (transaction) =>
          Effect.flatMap(
            Effect.sync(() => transaction.map((operation) => apply(registers, operation))),
            (done) => sometimes(0.05, Effect.fail(new Abort({ text: "changed its mind" })), Effect.succeed(done))
          )
      )
    },
    {
      bug: "lets reads look at the writes of a transaction that is not done",
      finds: "G1b",
      layer: make((registers) => {
        const lock = Semaphore.makeUnsafe(1)
        return (transaction) =>
          writesNothing(transaction)
            ? Effect.sync(() => transaction.map((operation) => apply(registers, operation)))
            : lock.withPermit(interleaved(transaction, registers))
      })
    },
    {
      bug: "lets two transactions read what the other one writes",
      finds: "G1c",
      besides: ["G0", "G1b"],
      layer: make((registers) => (transaction) => interleaved(transaction, registers))
    },
    {
      bug: "now and then answers a write with another value than it was asked to write",
      finds: "changed-write",
      strict: true,
      layer: make(
        (registers) => (transaction) =>
          Effect.forEach(transaction, (operation) => {
            const done = apply(registers, operation)
            const [f, key, value] = done
            const other: CompletedMicroOperation = ["w", key, 1_000_000 + Number(value)]
            return sometimes(f === "w" ? 0.05 : 0, Effect.succeed(other), Effect.succeed(done))
          })
      )
    },
    {
      bug: "now and then reads a value that nobody wrote",
      finds: "garbage-read",
      strict: true,
      layer: make(
        (registers) => (transaction) =>
          Effect.forEach(transaction, (operation) =>
            sometimes(
              operation[0] === "r" ? 0.02 : 0,
              Effect.succeed<CompletedMicroOperation>(["r", operation[1], 1_000_000]),
              Effect.sync(() => apply(registers, operation))
            )
          )
      )
    }
  ]
}

export const snapshotIsolation: Scenario = {
  name: "txn-rw-register under snapshot-isolation",
  workload: "txn-rw-register",
  options: { ...options, consistencyModels: ["snapshot-isolation"] },
  control: locked,
  broken: [
    {
      bug: "lets a transaction overwrite what was written since it has read",
      finds: "lost-update",
      layer: make((registers) => (transaction) => {
        const snapshot: Registers = new Map(registers)
        return Effect.map(interleaved(transaction, snapshot), (done) => {
          for (const [f, key, value] of done) {
            if (f === "w") {
              registers.set(key, value)
            }
          }
          return done
        })
      })
    },
    {
      bug: "reads a key anew each time, whoever has written it since",
      finds: "internal",
      besides: ["G-single-item", "lost-update"],
      layer: make((registers) => (transaction) => {
        const own: Registers = new Map()
        return Effect.forEach(transaction, (operation) =>
          Effect.tap(
            Effect.sync(() => apply(operation[0] === "r" && !own.has(operation[1]) ? registers : own, operation)),
            think
          )
        ).pipe(
          Effect.tap(() =>
            Effect.sync(() => {
              for (const [key, value] of own) {
                registers.set(key, value)
              }
            })
          )
        )
      })
    },
    {
      bug: "lets reads see a part of what a transaction has written",
      finds: "G-single-item",
      layer: make((registers) => {
        const lock = Semaphore.makeUnsafe(1)
        return (transaction) => {
          if (writesNothing(transaction)) {
            return Effect.sync(() => transaction.map((operation) => apply(registers, operation)))
          }
          return lock.withPermit(
            Effect.suspend(() => {
              const copy: Registers = new Map(registers)
              const done = transaction.map((operation) => apply(copy, operation))
              return Effect.forEach(copy, ([key, value]) =>
                registers.get(key) === value
                  ? Effect.void
                  : Effect.andThen(
                      Effect.sync(() => registers.set(key, value)),
                      think
                    )
              ).pipe(Effect.as(done))
            })
          )
        }
      })
    }
  ]
}

export const strictSerializable: Scenario = {
  name: "txn-rw-register under strict-serializable",
  workload: "txn-rw-register",
  options: { ...options, nodeCount: 2, latency: "1 milli", consistencyModels: ["strict-serializable"] },
  control: layer,
  broken: [
    {
      bug: "reads from a copy that it renews for every twentieth transaction",
      finds: "G-single-item-realtime",
      besides: ["G-nonadjacent-item-realtime", "G2-item-realtime"],
      layer: make((registers) => {
        let copy: Registers = new Map()
        let transactions = 0
        return (transaction) =>
          Effect.sync(() => {
            if (transactions++ % 20 === 0) {
              copy = new Map(registers)
            }
            const read = writesNothing(transaction) ? copy : registers
            return transaction.map((operation) => apply(read, operation))
          })
      })
    }
  ]
}
