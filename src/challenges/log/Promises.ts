/**
 * What nodes have promised: that all that a node appends from now on is not before some tick of its clock.
 *
 * A promise is made in a log, and holds once everything that this log had before it has come, which its order sees to;
 * and everything of the node's earlier logs, which it may have told others only. So the promises of a node that has
 * started anew count once its log is settled (`Application.settle`). Those that it made before go on holding meanwhile.
 */
import { Schema } from "effect"
import { NodeId } from "../../protocol/NodeId.ts"
import { Incarnation } from "../../services/Incarnation.ts"
import type { Origin } from "../../replication/Replication.ts"

/** A tick of a Lamport clock. */
export const Tick = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/** What a node has promised in a log, and whether that is settled. */
export const Promised = Schema.Struct({
  by: Schema.Tuple([NodeId, Incarnation]),
  from: Tick,
  settled: Schema.Boolean
})
export type Promised = typeof Promised.Type

export interface Promises {
  /** A node has promised in a log that it appends nothing before `from` any more. */
  add(by: Origin, from: number): void

  /** These are the present logs of the nodes, and nothing of earlier ones comes any more. */
  settle(logs: ReadonlyArray<Origin>): void

  /** Whether nothing of an earlier log of the same node comes any more. */
  isSettled(log: Origin): boolean

  /** Before this tick nothing of a node comes any more. */
  of(node: NodeId): number

  /** All there is to tell a node that gets all else that this one has; and takes that from another. */
  take(): ReadonlyArray<Promised>
  merge(promise: Promised): void
}

interface Source {
  from: number
  /** The last settled log. */
  settled: Incarnation
  /** What was promised in later logs. */
  readonly unsettled: Map<Incarnation, number>
}

/** Nobody has promised anything. */
export const make = (): Promises => {
  const sources = new Map<NodeId, Source>()
  const sourceOf = (node: NodeId): Source => {
    const source = sources.get(node) ?? { from: 0, settled: -1, unsettled: new Map() }
    sources.set(node, source)
    return source
  }

  const add = ({ incarnation, node }: Origin, from: number) => {
    const source = sourceOf(node)
    if (incarnation <= source.settled) {
      source.from = Math.max(source.from, from)
    } else {
      source.unsettled.set(incarnation, Math.max(from, source.unsettled.get(incarnation) ?? 0))
    }
  }

  const settle = ({ incarnation, node }: Origin) => {
    const source = sourceOf(node)
    source.settled = Math.max(source.settled, incarnation)
    for (const [log, from] of source.unsettled) {
      if (log <= source.settled) {
        source.unsettled.delete(log)
        source.from = Math.max(source.from, from)
      }
    }
  }

  return {
    add,
    settle: (logs) => logs.forEach(settle),
    isSettled: ({ incarnation, node }) => incarnation <= sourceOf(node).settled,
    of: (node) => sourceOf(node).from,
    take: () =>
      Array.from(sources).flatMap(([node, { from, settled, unsettled }]) =>
        Array.from(unsettled, ([log, from]): Promised => ({ by: [node, log], from, settled: false })).concat(
          settled < 0 ? [] : { by: [node, settled], from, settled: true }
        )
      ),
    merge: ({ by: [node, incarnation], from, settled: isSettled }) => {
      if (isSettled) {
        settle({ node, incarnation })
      }
      add({ node, incarnation }, from)
    }
  }
}
