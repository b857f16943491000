/**
 * The final phase of workloads that end with a look at what every node has come to know.
 */
import type { Generator } from "./Workload.ts"

/** One read by every client. */
export const finalRead = (): ((thread: number) => Generator) => () => {
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
