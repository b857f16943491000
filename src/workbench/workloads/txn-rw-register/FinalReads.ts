/**
 * Reads every key at every node in the end, so that a strict judge sees replicas that never come to agree.
 *
 * Maelstrom has no such phase, so that there is none unless {@link WorkloadOptions.finalReads} asks for it.
 */
import { Array } from "effect"
import type { Generator, WorkloadOptions } from "../Workload.ts"
import type { TxnInvocation } from "./TxnInvocation.ts"

/**
 * One client of each node reads all `keys`, in transactions of the length that nodes are used to. A client that gets no
 * answer gives up: what its node holds is unknown then.
 */
export const finalReads =
  ({ maxTxnLength, nodeIds }: WorkloadOptions, keys: Iterable<number>) =>
  (thread: number): Generator<TxnInvocation> => {
    const parts = thread < nodeIds.length ? Array.chunksOf(keys, maxTxnLength) : []
    let next = 0
    return {
      next: () => {
        const part = parts[next++]
        return part && { f: "txn", final: true, value: part.map((key) => ["r", key, null]) }
      },
      observe: ({ type }) => {
        if (type === "fail" || type === "info") {
          next = parts.length
        }
      }
    }
  }
