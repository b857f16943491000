/**
 * Causal delivery: applies what other nodes did in an order in which every cause comes before its effects, and holds
 * back what comes before its causes. Concurrent items may be applied in different orders at different nodes.
 *
 * After Birman, Schiper and Stephenson, "Lightweight Causal and Atomic Group Multicast" (1991).
 */
import type { VersionVector } from "./VersionVector.ts"

/** Something that a node did after it had applied `after[i]` items of each node `i`: its causal dependencies. */
export interface Caused {
  readonly after: VersionVector
}

export interface CausalOrder<A extends Caused> {
  /** Takes something from another node, in the order in which that node did it. It is applied once its causes are. */
  receive(item: A, origin: number): void

  /** Counts something that this node does and applies itself; returns what it comes after. */
  commit(self: number): VersionVector
}

/** Nothing has been applied yet. `apply` must not wait. */
export const make = <A extends Caused>(size: number, apply: (item: A, origin: number) => void): CausalOrder<A> => {
  const applied = Array.from({ length: size }, () => 0)
  /** The hold-back queue of each node, in its order. */
  const waiting = Array.from({ length: size }, (): Array<A> => [])

  const isReady = (item: A | undefined, origin: number): item is A =>
    item !== undefined && item.after.every((count, index) => index === origin || count <= applied[index]!)

  const applyReady = () => {
    // What is applied may be what an item of another queue has waited for, so that all are looked through again.
    for (let progress = true; progress;) {
      progress = false
      for (const [origin, queue] of waiting.entries()) {
        while (isReady(queue[0], origin)) {
          apply(queue.shift()!, origin)
          applied[origin]! += 1
          progress = true
        }
      }
    }
  }

  return {
    receive: (item, origin) => {
      waiting[origin]!.push(item)
      applyReady()
    },
    commit: (self) => {
      const after = [...applied]
      applied[self]! += 1
      return after
    }
  }
}
