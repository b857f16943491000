/**
 * Relations between transactions: why one comes before another.
 *
 * `ww`, `wr` and `rw` are Adya's write, read and anti-dependencies; `process` and `realtime` are the order of one
 * client's transactions and that of transactions which did not overlap in time. An edge of a graph can have several
 * at once, as the sum of their bits.
 */

/** The bits of the relations. */
export const Relation = { ww: 1, wr: 2, rw: 4, process: 8, realtime: 16 } as const

/** The name of a relation. */
export type RelationName = keyof typeof Relation

/**
 * The one relation that stands for a set of them: the first of `wr`, `ww`, `rw`, `process`, `realtime`.
 *
 * This is the order in which Elle explains the steps of a cycle, and a cycle's name follows from its explanation.
 */
export const principal = (relations: number): number => {
  if ((relations & Relation.wr) !== 0) {
    return Relation.wr
  }
  // The lowest bit, since the others are numbered in that order.
  return relations & -relations
}

/** The name of a single relation. */
export const relationName = (relation: number): RelationName => names.get(relation) ?? "realtime"

const names: ReadonlyMap<number, RelationName> = new Map([
  [Relation.ww, "ww"],
  [Relation.wr, "wr"],
  [Relation.rw, "rw"],
  [Relation.process, "process"],
  [Relation.realtime, "realtime"]
])
