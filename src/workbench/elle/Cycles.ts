/**
 * Cycles of the dependency graph, named by what is in them.
 */
import { type AnomalyName, generalizations } from "./Anomaly.ts"
import { existingCycles, type ExistingCycle } from "./CycleExistence.ts"
import { findCycle, fromLowest, plainCycle, type Shape, shapes } from "./CycleSearch.ts"
import { type AdditionalOrder, type Dependencies, type Dependency, dependency } from "./DependencyGraph.ts"
import { type Digraph, induced, mapRelations, relationsBetween } from "./Digraph.ts"
import { principal, Relation } from "./Relation.ts"
import { cyclicComponents } from "./StrongComponents.ts"

/** The name of a cycle: its shape, and whether it needs the order of a client's transactions or that in real time. */
export type CycleName = `${Shape}${"" | "-process" | "-realtime"}`

/** A cycle of dependencies; each step begins where the one before it ends. `anomaly` is what it shows. */
export interface Cycle {
  readonly anomaly: CycleName | ExistingCycle["anomaly"]
  readonly steps: ReadonlyArray<Dependency>
}

/** Cycles that were found, and proofs that there is one of some kind. */
export interface Cycles {
  readonly cycles: ReadonlyArray<Cycle>
  readonly existing: ReadonlyArray<ExistingCycle>
}

/**
 * Looks in every strongly connected component for one cycle of each anomaly that is not implied by another one found
 * there, from the worst to the most subtle, as Elle does.
 */
export const cyclesOf = (graph: Digraph, dependencies: Dependencies): Cycles => {
  const cycles: Array<Cycle> = []
  const existing: Array<ExistingCycle> = []
  for (const vertices of cyclicComponents(graph)) {
    const component = induced(graph, vertices)
    existing.push(...existingCycles(component, vertices))
    cycles.push(...cyclesInComponent(component, vertices, dependencies))
  }
  return { cycles, existing }
}

/** The shortest cycle that shows one which is only known to exist, unless its model allows some anti-dependencies. */
export const exampleOf = (
  graph: Digraph,
  { anomaly, relations, antiDependencyHops, vertices }: ExistingCycle,
  dependencies: Dependencies
): Cycle | undefined => {
  const part = mapRelations(induced(graph, vertices), (all) => principal(all & relations))
  const cycle = antiDependencyHops ? undefined : plainCycle(part)
  return cycle === undefined ? undefined : { anomaly, steps: stepsOf(cycle, part, vertices, dependencies) }
}

const cyclesInComponent = (
  component: Digraph,
  vertices: ReadonlyArray<number>,
  dependencies: Dependencies
): ReadonlyArray<Cycle> => {
  const explained = mapRelations(component, principal)
  const cycles: Array<Cycle> = []
  const implied = new Set<AnomalyName>()
  for (const { additional, suffix } of additionalOrders(dependencies.order)) {
    for (const shape of shapes) {
      const anomaly: CycleName = `${shape}${suffix}`
      const found = implied.has(anomaly) ? undefined : findCycle(explained, shape, additional)
      if (found === undefined) {
        continue
      }
      const steps = stepsOf(found, explained, vertices, dependencies)
      cycles.push({ anomaly: anomalyOf(steps), steps })
      for (const general of generalizations([anomaly])) {
        implied.add(general)
      }
    }
  }
  return cycles
}

const stepsOf = (
  cycle: ReadonlyArray<number>,
  explained: Digraph,
  vertices: ReadonlyArray<number>,
  dependencies: Dependencies
): ReadonlyArray<Dependency> => {
  const { transactions } = dependencies.history
  return fromLowest(cycle).map((from, index, ordered) => {
    const to = ordered[(index + 1) % ordered.length]!
    const relation = relationsBetween(explained, from, to)
    return dependency(dependencies, transactions[vertices[from]!]!, transactions[vertices[to]!]!, relation)
  })
}

// The search without an additional order, and the one with it.
const additionalOrders = (order: AdditionalOrder) => [
  { additional: 0, suffix: "" } as const,
  ...(order === "none" ? [] : [{ additional: Relation[order], suffix: `-${order}` } as const])
]

/** The name of a cycle: Adya's for its data dependencies, with the additional order that it needs. */
const anomalyOf = (steps: ReadonlyArray<Dependency>): CycleName => {
  const relations = steps.map(({ relation }) => relation)
  const antiDependencies = relations.filter((relation) => relation === "rw").length
  const adjacent = relations.some((relation, index) => relation === "rw" && relations.at(index - 1) === "rw")
  const suffix = relations.includes("realtime") ? "-realtime" : relations.includes("process") ? "-process" : ""
  if (antiDependencies === 0) {
    return `${relations.includes("wr") ? "G1c" : "G0"}${suffix}`
  }
  if (antiDependencies === 1) {
    return `G-single-item${suffix}`
  }
  return `${adjacent ? "G2-item" : "G-nonadjacent-item"}${suffix}`
}
