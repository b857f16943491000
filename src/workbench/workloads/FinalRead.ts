/**
 * Final reads: the last phase of workloads that end with a look at what every node has come to know.
 */
import type { Generator, Invocation } from "./Workload.ts"

/** A read of all that a node knows. */
export interface Read extends Invocation {
  readonly f: "read"
  readonly value: null
}

/** One read by every client. */
export const finalRead = (): ((thread: number) => Generator<Read>) => () => {
  let done = false
  return {
    next: () => {
      if (done) {
        return undefined
      }
      done = true
      return { f: "read", value: null, final: true }
    }
  }
}
