/**
 * Transactions over registers of which every node has a copy. A transaction runs on its own node's copy in one step;
 * what it wrote is told to the others, where of two writes to a key the later one wins, by counts and then by node.
 */
import { Effect, Layer, Schema, Semaphore } from "effect"
import type { NodeLayer } from "../../../../src/services/NodeProgram.ts"
import * as OneWay from "../../../../src/protocol/OneWay.ts"
import { type CompletedMicroOperation, type MicroOperation, Txn } from "../../../../src/protocol/Txn.ts"
import { Node } from "../../../../src/services/Node.ts"
import { apply, type Registers, type Transact } from "./registers.ts"

/** What a transaction wrote, and its place among all. */
export const WriteSet = Schema.Struct({
  count: Schema.Int,
  by: Schema.String,
  writes: Schema.Array(Schema.Tuple([Schema.Json, Schema.Json]))
})
export type WriteSet = typeof WriteSet.Type

/** A node's copy. */
export interface Replica {
  readonly values: Registers
  /** What a transaction reads and writes, which nobody sees yet. */
  execute(transaction: ReadonlyArray<MicroOperation>): {
    readonly done: ReadonlyArray<CompletedMicroOperation>
    readonly writes: WriteSet["writes"]
  }
  /** Gives writes the next place. */
  order(writes: WriteSet["writes"]): WriteSet
  /** Makes writes visible here, save those to keys that have later ones. */
  apply(writeSet: WriteSet): void
  tellOthers(writeSet: WriteSet): Effect.Effect<void>
}

/** Runs a transaction in one step. */
export const atOnce =
  (replica: Replica): Transact =>
  (transaction) =>
    Effect.suspend(() => {
      const { done, writes } = replica.execute(transaction)
      if (writes.length === 0) {
        return Effect.succeed(done)
      }
      const writeSet = replica.order(writes)
      replica.apply(writeSet)
      return Effect.as(replica.tellOthers(writeSet), done)
    })

/** Hands on what a primary has written in the order in which it did. */
export const inOrder = (apply: (replica: Replica, writeSet: WriteSet) => Effect.Effect<void>) => (replica: Replica) => {
  const waiting = new Map<number, WriteSet>()
  const turn = Semaphore.makeUnsafe(1)
  let next = 1
  return (writeSet: WriteSet) =>
    turn.withPermit(
      Effect.suspend(() => {
        waiting.set(writeSet.count, writeSet)
        const ready: Array<WriteSet> = []
        for (let found = waiting.get(next); found !== undefined; found = waiting.get(++next)) {
          ready.push(found)
        }
        return Effect.forEach(ready, (writeSet) => apply(replica, writeSet), { discard: true })
      })
    )
}

/**
 * A node that keeps what is said above, unless it transacts, receives or compares in another way. With `primary`, the
 * first node runs all that writes.
 */
export const make = ({
  isLater = (a, b) => a.count > b.count || (a.count === b.count && a.by >= b.by),
  primary = false,
  receive = (replica) => (writeSet) => Effect.sync(() => replica.apply(writeSet)),
  transactOn = atOnce
}: {
  /** Whether the first one wins. */
  readonly isLater?: (a: WriteSet, b: WriteSet) => boolean
  readonly primary?: boolean
  readonly receive?: (replica: Replica) => (writeSet: WriteSet) => Effect.Effect<void>
  readonly transactOn?: (replica: Replica) => Transact
} = {}): NodeLayer =>
  Layer.unwrap(
    Effect.gen(function* () {
      const node = yield* Node
      const first = node.nodeIds[0]!
      const values: Registers = new Map()
      const latest = new Map<Schema.Json, WriteSet>()
      let highest = 0

      const replica: Replica = {
        values,
        execute: (transaction) => {
          const own: Registers = new Map()
          const done = transaction.map((operation) =>
            apply(operation[0] === "r" && !own.has(operation[1]) ? values : own, operation)
          )
          return { done, writes: [...own] }
        },
        order: (writes) => ({ count: highest + 1, by: node.id, writes }),
        apply: (writeSet) => {
          highest = Math.max(highest, writeSet.count)
          for (const [key, value] of writeSet.writes) {
            const known = latest.get(key)
            if (known !== undefined && !isLater(writeSet, known)) {
              continue
            }
            latest.set(key, writeSet)
            values.set(key, value)
          }
        },
        tellOthers: (writeSet) =>
          Effect.forEach(node.peers, (peer) => node.send(Written, peer, writeSet), { discard: true })
      }
      const transact = transactOn(replica)
      yield* node.receive(Written, receive(replica))

      return Layer.mergeAll(
        Node.serve(Txn.txn, (request) =>
          primary && node.id !== first && request.txn.some(([f]) => f === "w")
            ? node.call(Txn.txn, first, request)
            : Effect.map(transact(request.txn), (txn) => ({ txn }))
        )
      )
    })
  )

export const layer = make()

/** What a transaction of the sender's has written. */
const Written = OneWay.make("written", WriteSet.fields)
