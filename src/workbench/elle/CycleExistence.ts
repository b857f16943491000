/**
 * Existence of cycles: which consistency models some cycle rules out, whether or not the search names it.
 *
 * A model allows no cycle in some part of the dependency graph. That there is one is told in linear time by the
 * strongly connected components of that part, and it is told for every edge with all of its relations, while the name
 * of a cycle depends on a single one.
 */
import type { AnomalyName } from "./Anomaly.ts"
import { type CanonicalModelName, strongerModels } from "./ConsistencyModel.ts"
import { edgesOf, nonadjacentProduct, restricted } from "./CycleSearch.ts"
import type { Digraph } from "./Digraph.ts"
import { Relation } from "./Relation.ts"
import { cyclicComponents } from "./StrongComponents.ts"

/** A model for which `Anomaly.ts` has a cycle that exists. */
export type AcyclicModel = ModelOf<AnomalyName>
type ModelOf<Name> = Name extends `${infer Model extends CanonicalModelName}-cycle-exists` ? Model : never

/**
 * What must be acyclic for a model to hold: the edges of some relations and, if `antiDependencyHops` is set (for
 * snapshot isolation), the paths that may also take an anti-dependency, but not two in a row.
 */
export interface AcyclicPart {
  readonly model: AcyclicModel
  readonly relations: number
  readonly antiDependencyHops: boolean
}

/** Vertices that lie on cycles which `model` does not allow. */
export interface ExistingCycle extends AcyclicPart {
  readonly anomaly: `${AcyclicModel}-cycle-exists`
  readonly vertices: ReadonlyArray<number>
}

/**
 * The weakest models that the cycles of one strongly connected component rule out.
 *
 * The component's vertex i is called `vertices[i]` in the result.
 */
export const existingCycles = (component: Digraph, vertices: ReadonlyArray<number>): ReadonlyArray<ExistingCycle> => {
  const existing: Array<ExistingCycle> = []
  const ruledOut = new Set<CanonicalModelName>()
  for (const { model, relations, antiDependencyHops } of acyclicParts) {
    const found = ruledOut.has(model) ? undefined : smallestCyclic(component, relations, antiDependencyHops)
    if (found !== undefined) {
      const anomaly = nameOf(model)
      existing.push({
        anomaly,
        model,
        relations,
        antiDependencyHops,
        vertices: found.map((vertex) => vertices[vertex]!)
      })
      for (const stronger of strongerModels([model])) {
        ruledOut.add(stronger)
      }
    }
  }
  return existing
}

/** The anomaly that stands for some cycle which a model does not allow. */
export const nameOf = (model: AcyclicModel): `${AcyclicModel}-cycle-exists` => `${model}-cycle-exists`

const { ww, wr, rw, process, realtime } = Relation

/** What the models do not allow cycles in, the weaker ones first. */
export const acyclicParts: ReadonlyArray<AcyclicPart> = [
  { model: "PL-1", relations: ww, antiDependencyHops: false },
  { model: "PL-2", relations: ww | wr, antiDependencyHops: false },
  { model: "PL-SI", relations: ww | wr, antiDependencyHops: true },
  { model: "PL-2.99", relations: ww | wr | rw, antiDependencyHops: false },
  { model: "PL-3", relations: ww | wr | rw, antiDependencyHops: false },
  { model: "strong-session-PL-1", relations: ww | process, antiDependencyHops: false },
  { model: "strong-session-PL-2", relations: ww | wr | process, antiDependencyHops: false },
  { model: "strong-session-snapshot-isolation", relations: ww | wr | process, antiDependencyHops: true },
  { model: "strong-session-serializable", relations: ww | wr | rw | process, antiDependencyHops: false },
  { model: "strong-PL-1", relations: ww | realtime, antiDependencyHops: false },
  { model: "strong-PL-2", relations: ww | wr | realtime, antiDependencyHops: false },
  { model: "strong-snapshot-isolation", relations: ww | wr | realtime, antiDependencyHops: true },
  { model: "PL-SS", relations: ww | wr | rw | realtime, antiDependencyHops: false }
]

const smallestCyclic = (
  graph: Digraph,
  relations: number,
  antiDependencyHops: boolean
): ReadonlyArray<number> | undefined => {
  const part = restricted(graph, relations)
  if (!antiDependencyHops) {
    return smallest(cyclicComponents(part))
  }
  const states = smallest(cyclicComponents(nonadjacentProduct(part, edgesOf(restricted(graph, rw)))))
  return states === undefined ? undefined : [...new Set(states.map((state) => state >> 1))]
}

const smallest = (components: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<number> | undefined =>
  components.toSorted((left, right) => left.length - right.length)[0]
