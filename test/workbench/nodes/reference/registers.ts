/**
 * Transactions over registers on the first node; all others pass on to it what they are asked.
 */
import { Effect, Layer, Random, type Schema, Semaphore } from "effect"
import type { NodeLayer } from "../../../../src/services/NodeProgram.ts"
import { type CompletedMicroOperation, type MicroOperation, Txn } from "../../../../src/protocol/Txn.ts"
import type { RpcError } from "../../../../src/protocol/RpcError.ts"
import { Node } from "../../../../src/services/Node.ts"

/** The value of each register that has one. Keys are compared by identity: the workload's are integers. */
export type Registers = Map<Schema.Json, Schema.Json>

/** Carries out a transaction. */
export type Transact = (
  transaction: ReadonlyArray<MicroOperation>
) => Effect.Effect<ReadonlyArray<CompletedMicroOperation>, RpcError>

/** A node whose first node carries out transactions in a way of one's choice. */
export const make = (transactOn: (registers: Registers) => Transact): NodeLayer =>
  Layer.unwrap(
    Effect.gen(function* () {
      const node = yield* Node
      const first = node.nodeIds[0]!
      const transact = transactOn(new Map())
      return Node.serve(Txn.txn, (request) =>
        node.id === first ? Effect.map(transact(request.txn), (txn) => ({ txn })) : node.call(Txn.txn, first, request)
      )
    })
  )

/** Carries out one micro-operation. */
export const apply = (registers: Registers, [f, key, value]: MicroOperation): CompletedMicroOperation => {
  if (f === "r") {
    return ["r", key, registers.get(key) ?? null]
  }
  registers.set(key, value)
  return ["w", key, value]
}

/** Every transaction is carried out at one instant. */
export const layer = make(
  (registers) => (transaction) => Effect.sync(() => transaction.map((operation) => apply(registers, operation)))
)

/** Every micro-operation takes its time, and transactions wait for each other. */
export const locked = make((registers) => {
  const lock = Semaphore.makeUnsafe(1)
  return (transaction) =>
    lock.withPermit(Effect.forEach(transaction, (operation) => Effect.as(think, apply(registers, operation))))
})

/** The time that a micro-operation takes: up to 4 ms, during which others go on. */
export const think = Effect.flatMap(Random.next, (share) => Effect.sleep(4 * share))
