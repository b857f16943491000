/**
 * Cycles of steps, each of which says that one thing came before another, so that they cannot all be right.
 */
import type { Edge } from "./ClosingEdges.ts"
import { fromLowest, plainCycle } from "./CycleSearch.ts"
import { digraph, EdgeList, induced } from "./Digraph.ts"
import { cyclicComponents } from "./StrongComponents.ts"

/**
 * A short cycle of each set of vertices that reach each other, as the steps along it. The last of several steps
 * between the same vertices counts.
 */
export const stepCycles = <Step extends Edge>(
  size: number,
  steps: Iterable<Step>
): ReadonlyArray<ReadonlyArray<Step>> => {
  const edges = new EdgeList()
  const byEnds = new Map<number, Step>()
  for (const step of steps) {
    edges.add(step.source, step.target, 1)
    byEnds.set(step.source * size + step.target, step)
  }
  const graph = digraph(size, edges)
  return cyclicComponents(graph).map((vertices) => {
    const cycle = fromLowest(plainCycle(induced(graph, vertices)) ?? []).map((vertex) => vertices[vertex]!)
    return cycle.map((vertex, index) => byEnds.get(vertex * size + cycle[(index + 1) % cycle.length]!)!)
  })
}
