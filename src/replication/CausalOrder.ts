/**
 * Causal delivery: applies what other nodes did in an order in which every cause comes before its effects, and holds
 * back what comes before its causes. Concurrent items may be applied in different orders at different nodes.
 *
 * After Birman, Schiper and Stephenson, "Lightweight Causal and Atomic Group Multicast" (1991), with the logs of
 * `Replication` for the members of the group. As the items of one log are applied in their order, an item names only
 * those causes that are new since the one before it.
 */
import { Schema } from "effect"
import { NodeId } from "../protocol/NodeId.ts"
import type { Origin } from "./Action.ts"
import { Incarnation } from "../services/Incarnation.ts"
import { Count } from "./VersionVector.ts"

/** How many items of a log were applied. */
const Applied = Schema.Tuple([NodeId, Incarnation, Count])
type Applied = typeof Applied.Type

/** The causal dependencies of an item: how many items were applied of each log that was not named before it. */
export const After = Schema.Array(Applied)

/** Something that a node did after it had applied what it names, and what the items before it in its log name. */
export interface Caused {
  readonly after: typeof After.Type
}

/**
 * What a snapshot tells of the order: how many items of a log were applied; which was the last of a node's logs to
 * which nothing is appended any more; and items that wait for their causes, with their sequence numbers.
 */
export const Element = <A extends Caused>(item: Schema.Codec<A, Schema.Json>) =>
  Schema.Union([
    Schema.Struct({ applied: Applied }),
    Schema.Struct({ retired: Schema.Tuple([NodeId, Incarnation]) }),
    Schema.Struct({ held: Applied, item })
  ])
type Element<A> = { readonly applied: Applied } | { readonly retired: readonly [NodeId, Incarnation] } | Held<A>
interface Held<A> {
  readonly held: Applied
  readonly item: A
}

export interface CausalOrder<A extends Caused> {
  /** Takes something from another node, in the order in which that node did it. It is applied once its causes are. */
  receive(item: A, origin: Origin): void

  /** Counts something that this node does and applies itself; returns what it comes after. */
  commit(origin: Origin): Caused["after"]

  /**
   * Nothing of a log is missing here, and nothing is appended to it any more: what it lacks nobody has, so that nothing
   * waits for it any longer.
   */
  retire(origin: Origin): void

  take(): ReadonlyArray<Element<A>>
  /** The state has been merged with another one's, of which these were the elements. */
  merge(elements: ReadonlyArray<Element<A>>): void
}

interface Log<A> {
  readonly origin: Origin
  applied: number
  /** The hold-back queue, in the order of the log. */
  readonly waiting: Array<A>
}

/** Nothing has been applied yet. `apply` must not wait. */
export const make = <A extends Caused>(apply: (item: A, origin: Origin) => void): CausalOrder<A> => {
  const logs = new Map<string, Log<A>>()
  /** The last retired log of each node: those before it are retired as well. */
  const retired = new Map<NodeId, Incarnation>()
  /** The logs of which something was applied since the last {@link CausalOrder.commit}. */
  const changed = new Set<Log<A>>()

  const logOf = (origin: Origin): Log<A> => {
    const key = `${origin.node} ${origin.incarnation}`
    const log = logs.get(key) ?? { origin, applied: 0, waiting: [] }
    logs.set(key, log)
    return log
  }

  const isMet = ([node, incarnation, count]: Applied) => {
    const log = logs.get(`${node} ${incarnation}`)
    return log === undefined ? incarnation <= retired.get(node)! : count <= log.applied
  }

  const isReady = (item: A | undefined) => item?.after.every(isMet) === true

  /** What was retired and has been applied needs no counting any more: whether there is any. */
  const forget = () => {
    const before = logs.size
    for (const [key, { origin, waiting }] of retired.size > 0 ? logs : []) {
      if (waiting.length === 0 && origin.incarnation <= retired.get(origin.node)!) {
        logs.delete(key)
      }
    }
    return logs.size < before
  }

  const applyReady = () => {
    // What is applied may be what an item of another queue has waited for, so that all are looked through again.
    for (let progress = true; progress;) {
      progress = forget()
      for (const log of logs.values()) {
        while (isReady(log.waiting[0])) {
          apply(log.waiting.shift()!, log.origin)
          log.applied += 1
          changed.add(log)
          progress = true
        }
      }
    }
  }

  return {
    receive: (item, origin) => {
      logOf(origin).waiting.push(item)
      applyReady()
    },

    commit: (origin) => {
      const own = logOf(origin)
      changed.delete(own)
      const after = [...changed].map(({ applied, origin }): Applied => [origin.node, origin.incarnation, applied])
      changed.clear()
      own.applied += 1
      changed.add(own)
      return after
    },

    retire: ({ incarnation, node }) => {
      retired.set(node, Math.max(incarnation, retired.get(node) ?? incarnation))
      applyReady()
    },

    take: () => {
      const elements: Array<Element<A>> = Array.from(retired, (log) => ({ retired: log }))
      for (const { applied, origin, waiting } of logs.values()) {
        const { incarnation, node } = origin
        elements.push({ applied: [node, incarnation, applied] })
        for (const [index, item] of waiting.entries()) {
          elements.push({ held: [node, incarnation, applied + index], item })
        }
      }
      return elements
    },

    merge: (elements) => {
      for (const element of elements) {
        if ("retired" in element) {
          const [node, incarnation] = element.retired
          retired.set(node, Math.max(incarnation, retired.get(node) ?? incarnation))
        } else if ("applied" in element) {
          const [node, incarnation, applied] = element.applied
          const log = logOf({ node, incarnation })
          if (applied > log.applied) {
            log.waiting.splice(0, applied - log.applied)
            log.applied = applied
            changed.add(log)
          }
        } else {
          const [node, incarnation, seq] = element.held
          const log = logOf({ node, incarnation })
          if (seq === log.applied + log.waiting.length) {
            log.waiting.push(element.item)
          }
        }
      }
      applyReady()
    }
  }
}
