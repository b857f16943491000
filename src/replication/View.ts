/**
 * The view of a cluster: which logs there are, one of each incarnation of each node. Vectors are lists of counts in the
 * order of a view, so that they need not name the logs.
 *
 * A log is _open_ if no later one of its node is known; otherwise it is _closed_: its node appends to it no more. Once
 * every node has closed a log and all have the same of it, it is _retired_: its count moves from the vectors, which
 * travel with every message, into the view, which travels when it has changed. Of each node the last retired logs are
 * kept by name; of those before them only that they are before, so that views stay small however often nodes restart.
 */
import { Schema } from "effect"
import { fnv1a } from "./fnv1a.ts"
import { Incarnation } from "../services/Incarnation.ts"
import { Count } from "./VersionVector.ts"

/** A log: the index of its node among all, and the incarnation. */
const LogId = Schema.Tuple([Count, Incarnation])
export type LogId = typeof LogId.Type

/** A retired log, with its final count. */
const Retired = Schema.Tuple([Count, Incarnation, Count])
type Retired = typeof Retired.Type
type AnyLog = LogId | Retired

/**
 * How a view is written: the logs that vectors count, in their order; the retired ones; and of nodes that have had many
 * of these, the last that is not kept by name.
 */
export const Written = Schema.Struct({
  logs: Schema.Array(LogId),
  retired: Schema.optionalKey(Schema.Array(Retired)),
  before: Schema.optionalKey(Schema.Array(LogId))
})
export type Written = typeof Written.Type

export interface View {
  /** The logs that vectors count, by node and then by incarnation. */
  readonly logs: ReadonlyArray<LogId>
  readonly retired: ReadonlyArray<Retired>
  /** Of a node, the last log that was retired and forgotten; everything of it and of earlier ones is everywhere. */
  readonly before: ReadonlyArray<LogId>
  /** The same for views that are the same, and for no others. */
  readonly text: string
  /** A short name: two views of one node hardly ever share it. */
  readonly id: string
}

/**
 * How many retired logs of a node a view names. A node that was away for longer gets a snapshot that it may not need.
 */
export const keptRetired = 16

export const make = ({ before = [], logs, retired = [] }: Written): View => {
  const parts = { logs: sorted(logs), retired: sorted(retired), before: sorted(before) }
  const text = JSON.stringify(parts)
  return { ...parts, text, id: fnv1a(text).toString(36) }
}

export const write = ({ before, logs, retired }: View): Written => ({
  logs,
  ...(retired.length > 0 && { retired }),
  ...(before.length > 0 && { before })
})

/** Whether what is written names nodes of a cluster of `size` only, and its logs in the order of vectors. */
export const fits = ({ before = [], logs, retired = [] }: Written, size: number): boolean =>
  [...logs, ...retired, ...before].every(([node]) => node < size) &&
  [logs, retired, before].every((list: ReadonlyArray<AnyLog>) =>
    list.every((log, index) => index === 0 || compare(list[index - 1]!, log) < 0)
  )

/** Where vectors count a log; −1 where they do not. */
export const positionOf = ({ logs }: View, id: AnyLog): number => logs.findIndex((log) => compare(log, id) === 0)

/** The position of the newest log of a node; −1 if none is known. */
export const newestOf = ({ logs }: View, node: number): number => logs.findLastIndex((log) => log[0] === node)

/** Whether there is a later log of the same node. */
export const isClosed = ({ logs }: View, position: number): boolean => logs[position + 1]?.[0] === logs[position]![0]

/**
 * Counts in the order of `from`, in that of `to`. What only `from` has is left out. Of a log that is retired in `from`,
 * there is all; `forgotten` stands for a count that `from` no longer tells.
 */
export const align = (
  counts: ReadonlyArray<number>,
  from: View,
  to: View,
  forgotten = Number.POSITIVE_INFINITY
): Array<number> =>
  from.text === to.text
    ? [...counts]
    : matches(to.logs, from.logs).map((position, index) => {
        const log = to.logs[index]!
        return position >= 0 ? counts[position]! : (finalOf(from, log) ?? (isBefore(from, log) ? forgotten : 0))
      })

/** Where each of these sorted logs is among the others, which are sorted as well; −1 where it is not. */
const matches = (logs: ReadonlyArray<LogId>, others: ReadonlyArray<LogId>): Array<number> => {
  let next = 0
  return logs.map((log) => {
    while (next < others.length && compare(others[next]!, log) < 0) {
      next += 1
    }
    return next < others.length && compare(others[next]!, log) === 0 ? next : -1
  })
}

/**
 * The view of a node that has `counts` of the logs of `mine`, and hears that somebody has `theirCounts` of those of
 * `theirs`. What is retired there is retired here if this node has all of it; otherwise it is counted, so that this
 * node finds that it lacks something. And a log is counted again of which somebody has more than all had when it was
 * retired: what a message had still under way that nobody else remembered.
 */
export const union = (
  mine: View,
  counts: ReadonlyArray<number>,
  theirs: View,
  theirCounts: ReadonlyArray<number>
): View => {
  if (mine.text === theirs.text) {
    return mine
  }
  const hasRetired = theirs.retired.length > 0 || theirs.before.length > 0
  if (!hasRetired && !matches(theirs.logs, mine.logs).includes(-1)) {
    // Short for what follows: it is in an earlier view, as messages often are while nodes start.
    return mine
  }
  const retired = theirs.retired.filter((log) => {
    const position = positionOf(mine, log)
    return !isRetired(mine, log) && (position < 0 ? 0 : counts[position]!) === log[2]
  })
  const revived = theirs.logs.filter((log, position) => theirCounts[position]! > finalOf(mine, log)!)
  const others = [...theirs.logs, ...theirs.retired, ...theirs.before].filter((log) => !isRetired(mine, log))
  return assemble({
    logs: [...mine.logs, ...others, ...revived],
    retired: [...without(mine.retired, revived), ...retired],
    before: [...mine.before, ...theirs.before.filter((log) => finalOf(mine, log) !== undefined)]
  })
}

/**
 * The view of a node that has `counts`, once it knows that all nodes have closed the same logs, and have these counts.
 */
export const retireClosed = (view: View, counts: ReadonlyArray<number>): View =>
  assemble({
    ...view,
    retired: [
      ...view.retired,
      ...view.logs.flatMap((log, position): ReadonlyArray<Retired> =>
        isClosed(view, position) ? [[log[0], log[1], counts[position]!]] : []
      )
    ]
  })

/** The view with one more log. */
export const open = (view: View, node: number, incarnation: Incarnation): View =>
  assemble({ ...view, logs: [...view.logs, [node, incarnation]] })

/** The view in which these logs are counted, be they retired or unknown. */
export const recount = (view: View, logs: ReadonlyArray<LogId>): View =>
  assemble({ ...view, logs: [...view.logs, ...logs], retired: without(view.retired, logs) })

/**
 * The view of a node that has `counts` of the logs of `mine`, and has merged a snapshot of the view `theirs`: it has
 * all that is retired there.
 */
export const absorb = (mine: View, counts: ReadonlyArray<number>, theirs: View): View => {
  const exceeded = mine.logs.filter((log, position) => counts[position]! > finalOf(theirs, log)!)
  return assemble({
    logs: [...mine.logs, ...theirs.logs.filter((log) => finalOf(mine, log) === undefined)],
    retired: [...mine.retired, ...without(theirs.retired, exceeded)],
    before: [...mine.before, ...theirs.before]
  })
}

/**
 * Whether a node that has `counts` of the logs of `theirs` may lack something that is retired in `mine`, and so can be
 * had in a snapshot only.
 */
export const hasMoreRetired = (mine: View, theirs: View, counts: ReadonlyArray<number>): boolean =>
  mine.retired.some((log) => {
    const position = positionOf(theirs, log)
    return !isRetired(theirs, log) && (position < 0 ? 0 : counts[position]!) < log[2]
  }) || mine.before.some((log) => !isRetired(theirs, log))

/** Puts together a view from logs that may be named twice. What is retired is not counted; the last of it is named. */
const assemble = ({
  before,
  logs,
  retired
}: {
  readonly logs: ReadonlyArray<AnyLog>
  readonly retired: ReadonlyArray<Retired>
  readonly before: ReadonlyArray<AnyLog>
}): View => {
  const last = new Map<number, Incarnation>()
  const raise = ([node, incarnation]: AnyLog) => last.set(node, Math.max(incarnation, last.get(node) ?? incarnation))
  for (const log of before) {
    raise(log)
  }
  const isLeft = ([node, incarnation]: AnyLog) => !(incarnation <= last.get(node)!)
  const named = distinct(retired.filter(isLeft))
  for (const [index, [node, incarnation]] of named.entries()) {
    if (named[index + keptRetired]?.[0] === node) {
      raise([node, incarnation])
    }
  }
  const isNamed = (id: AnyLog) => named.some((log) => compare(log, id) === 0)
  return make({
    logs: distinct(logs.filter((log) => isLeft(log) && !isNamed(log))).map((log) =>
      log.length === 2 ? log : [log[0], log[1]]
    ),
    retired: named.filter(isLeft),
    before: [...last]
  })
}

const without = (logs: ReadonlyArray<Retired>, left: ReadonlyArray<LogId>): ReadonlyArray<Retired> =>
  logs.filter((log) => left.every((other) => compare(log, other) !== 0))

const distinct = <A extends AnyLog>(logs: ReadonlyArray<A>): ReadonlyArray<A> =>
  sorted(logs).filter((log, index, all) => index === 0 || compare(all[index - 1]!, log) !== 0)

/** How much there is of a log that is retired and named. */
export const finalOf = ({ retired }: View, id: AnyLog): number | undefined =>
  retired.find((log) => compare(log, id) === 0)?.[2]

const isBefore = ({ before }: View, [node, incarnation]: AnyLog): boolean =>
  before.some((log) => log[0] === node && incarnation <= log[1])

/** Whether all of a log is known to be everywhere, so that nothing of it is missing here. */
export const isRetired = (view: View, id: AnyLog): boolean => finalOf(view, id) !== undefined || isBefore(view, id)

const compare = (a: AnyLog, b: AnyLog): number => a[0] - b[0] || a[1] - b[1]

const sorted = <A extends AnyLog>(logs: ReadonlyArray<A>): ReadonlyArray<A> => logs.toSorted(compare)
