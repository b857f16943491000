/**
 * Which consistency models some cycle rules out, whether or not the search names it.
 *
 * A model allows no cycle in some part of the dependency graph. That there is one is told in linear time by the
 * strongly connected components of that part, and it is told for every edge with all of its relations, while the name
 * of a cycle depends on a single one.
 */
import { strongerModels } from "./ConsistencyModel.ts"
import { alternation, edgesOf, restricted } from "./CycleSearch.ts"
import type { Digraph } from "./Digraph.ts"
import { Relation } from "./Relation.ts"
import { cyclicComponents } from "./StrongComponents.ts"

/**
 * What must be acyclic for a model (by its canonical name) to hold: the edges of some relations, and for snapshot
 * isolation paths that may also jump over an anti-dependency, but not over two in a row.
 */
export interface AcyclicPart {
  readonly model: string
  readonly relations: number
  readonly jumps: boolean
}

/** Vertices that lie on cycles which `model` does not allow. */
export interface ExistingCycle extends AcyclicPart {
  readonly anomaly: string
  readonly vertices: ReadonlyArray<number>
}

/**
 * The weakest models that the cycles of one strongly connected component rule out.
 *
 * The component's vertex i is called `vertices[i]` in the result.
 */
export const existingCycles = (component: Digraph, vertices: ReadonlyArray<number>): ReadonlyArray<ExistingCycle> => {
  const existing: Array<ExistingCycle> = []
  const ruledOut = new Set<string>()
  for (const { model, relations, jumps } of acyclicParts) {
    const found = ruledOut.has(model) ? undefined : smallestCyclic(component, relations, jumps)
    if (found !== undefined) {
      const anomaly = nameOf(model)
      existing.push({ anomaly, model, relations, jumps, vertices: found.map((vertex) => vertices[vertex]!) })
      for (const stronger of strongerModels([model])) {
        ruledOut.add(stronger)
      }
    }
  }
  return existing
}

/** The anomaly that stands for some cycle which a model does not allow. */
export const nameOf = (model: string): string => `${model}-cycle-exists`

const { ww, wr, rw, process, realtime } = Relation

/** What the models do not allow cycles in, the weaker ones first. */
export const acyclicParts: ReadonlyArray<AcyclicPart> = [
  { model: "PL-1", relations: ww, jumps: false },
  { model: "PL-2", relations: ww | wr, jumps: false },
  { model: "PL-SI", relations: ww | wr, jumps: true },
  { model: "PL-2.99", relations: ww | wr | rw, jumps: false },
  { model: "PL-3", relations: ww | wr | rw, jumps: false },
  { model: "strong-session-PL-1", relations: ww | process, jumps: false },
  { model: "strong-session-PL-2", relations: ww | wr | process, jumps: false },
  { model: "strong-session-snapshot-isolation", relations: ww | wr | process, jumps: true },
  { model: "strong-session-serializable", relations: ww | wr | rw | process, jumps: false },
  { model: "strong-PL-1", relations: ww | realtime, jumps: false },
  { model: "strong-PL-2", relations: ww | wr | realtime, jumps: false },
  { model: "strong-snapshot-isolation", relations: ww | wr | realtime, jumps: true },
  { model: "PL-SS", relations: ww | wr | rw | realtime, jumps: false }
]

const smallestCyclic = (graph: Digraph, relations: number, jumps: boolean): ReadonlyArray<number> | undefined => {
  const part = restricted(graph, relations)
  if (!jumps) {
    return smallest(cyclicComponents(part))
  }
  const states = smallest(cyclicComponents(alternation(part, edgesOf(restricted(graph, rw)))))
  return states === undefined ? undefined : [...new Set(states.map((state) => state >> 1))]
}

const smallest = (components: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<number> | undefined =>
  components.toSorted((left, right) => left.length - right.length)[0]
