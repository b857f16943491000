/**
 * Binds clients to nodes: which node a client talks to, by its number.
 *
 * A test has a fixed number of client threads, and each keeps to one node. A process is what runs in a thread until
 * an operation of unknown outcome; its successor has the number of the process plus the number of threads.
 */
import type { ClientOperation } from "./History.ts"

/**
 * The number of client threads and of nodes, whose names are `n0`, `n1`, … where none are given: what tells a process's
 * node.
 */
export interface ClientBinding {
  readonly concurrency: number
  readonly nodeCount: number
  readonly nodeNames?: ReadonlyArray<string>
}

/** The number of the node that an operation was sent to, from 0. */
export const nodeIndex = (operation: ClientOperation, binding: ClientBinding): number =>
  (operation.process % binding.concurrency) % binding.nodeCount

/** The name of the node that an operation was sent to, as in `n0`. */
export const nodeName = (operation: ClientOperation, binding: ClientBinding): string => {
  const index = nodeIndex(operation, binding)
  return binding.nodeNames?.[index] ?? `n${index}`
}
