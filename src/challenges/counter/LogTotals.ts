/**
 * A total of each replicated log, which together are a counter: a G-counter or PN-counter whose entries are named after
 * a node and its incarnation, so that a node that restarts does not overwrite what it had added before.
 *
 * Of two totals of one log the one of more items is newer. Every incarnation that has added something leaves a total
 * behind: some tens of bytes for each restart.
 */
import { Schema } from "effect"
import { NodeId } from "../../protocol/NodeId.ts"
import { Incarnation } from "../../services/Incarnation.ts"
import type { Origin, Snapshots } from "../../replication/Replication.ts"
import { Count } from "../../replication/VersionVector.ts"

/** A log's node and incarnation, how many items it had, and its total, which JSON's numbers may not hold exactly. */
const Element = Schema.Tuple([NodeId, Incarnation, Count, Schema.BigIntFromString])
type Element = typeof Element.Type

export interface LogTotals extends Snapshots<Element> {
  /** Takes the next item of a log: `next` gives its total from the one so far. */
  add(origin: Origin, next: (total: bigint) => bigint): void
  /** The total of a log; 0 if nothing is known of it. */
  of(origin: Origin): bigint
  /** The sum of all. */
  sum(): bigint
}

/** Knows of no log yet. */
export const make = (): LogTotals => {
  const totals = new Map<string, Element>()
  let sum = 0n

  const get = ({ incarnation, node }: Origin): Element =>
    totals.get(`${node} ${incarnation}`) ?? [node, incarnation, 0, 0n]
  const set = (element: Element) => {
    const [node, incarnation, , total] = element
    sum += total - get({ node, incarnation })[3]
    totals.set(`${node} ${incarnation}`, element)
  }

  return {
    add: (origin, next) => {
      const [node, incarnation, count, total] = get(origin)
      set([node, incarnation, count + 1, next(total)])
    },
    of: (origin) => get(origin)[3],
    sum: () => sum,
    element: Element,
    take: () => [...totals.values()],
    merge: (elements) => {
      for (const element of elements) {
        const [node, incarnation, count] = element
        if (count > get({ node, incarnation })[2]) {
          set(element)
        }
      }
    }
  }
}
