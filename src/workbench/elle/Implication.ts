/**
 * Implication between names: its transitive closure and its converse.
 */
import { Record } from "effect"

/** All that can be reached from some starting points, including these. */
export const closure = <Name extends string>(
  starts: Iterable<Name>,
  next: (name: Name) => Iterable<Name>
): ReadonlySet<Name> => {
  const reached = new Set(starts)
  // A set that grows while it is iterated over yields its new elements too.
  for (const name of reached) {
    for (const successor of next(name)) {
      reached.add(successor)
    }
  }
  return reached
}

/** The converse of a relation: by name, all names that lead to it. */
export const converse = <Source extends string, Target extends string>(
  relation: Record.ReadonlyRecord<Source, ReadonlyArray<Target>>
): ReadonlyMap<Target, ReadonlyArray<Source>> => {
  const sources = new Map<Target, Array<Source>>()
  for (const [source, targets] of Record.toEntries(relation)) {
    for (const target of targets) {
      sources.set(target, [...(sources.get(target) ?? []), source])
    }
  }
  return sources
}
