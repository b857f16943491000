/**
 * Closing edges: reachability for many pairs of vertices at once, to find the edges that close a cycle.
 */
import { type Digraph, digraph, EdgeList } from "./Digraph.ts"
import { strongComponents } from "./StrongComponents.ts"

/** An edge by its vertices, of whatever relation. */
export interface Edge {
  readonly source: number
  readonly target: number
}

/**
 * The edges, out of some that need not belong to the graph, whose source can be reached from their target in the
 * graph, so that each of them closes a cycle.
 *
 * The graph is condensed to its strong components, which are numbered against the direction of its edges. One pass over
 * them then tells for 32 vertices at once from where they can be reached. It begins with the lowest of these and ends
 * with the highest vertex that is asked for: paths lead down.
 */
export const closingEdges = <E extends Edge>(graph: Digraph, edges: ReadonlyArray<E>): ReadonlyArray<E> => {
  const { count, componentOf } = strongComponents(graph)
  const condensed = condensation(graph, componentOf, count)
  const byGoal = [...Map.groupBy(edges, ({ source }) => componentOf[source]!)].toSorted(
    ([left], [right]) => left - right
  )
  const closing: Array<E> = []
  const reachable = new Int32Array(count)
  for (let batch = 0; batch < byGoal.length; batch += 32) {
    const goals = byGoal.slice(batch, batch + 32)
    const lowest = goals[0]![0]
    let highest = goals.at(-1)![0]
    for (const [, ofGoal] of goals) {
      for (const { target } of ofGoal) {
        highest = Math.max(highest, componentOf[target]!)
      }
    }
    reachable.fill(0, lowest, highest + 1)
    for (const [bit, [goal]] of goals.entries()) {
      reachable[goal] = 1 << bit
    }
    for (let component = lowest; component <= highest; component++) {
      for (let i = condensed.offsets[component]!; i < condensed.offsets[component + 1]!; i++) {
        const next = condensed.targets[i]!
        reachable[component]! |= next < lowest ? 0 : reachable[next]!
      }
    }
    for (const [bit, [goal, ofGoal]] of goals.entries()) {
      for (const edge of ofGoal) {
        const component = componentOf[edge.target]!
        if (component >= goal && (reachable[component]! & (1 << bit)) !== 0) {
          closing.push(edge)
        }
      }
    }
  }
  return closing
}

const condensation = (graph: Digraph, componentOf: Int32Array, count: number): Digraph => {
  const edges = new EdgeList()
  for (let source = 0; source < graph.size; source++) {
    for (let i = graph.offsets[source]!; i < graph.offsets[source + 1]!; i++) {
      const target = graph.targets[i]!
      if (componentOf[source] !== componentOf[target]) {
        edges.add(componentOf[source]!, componentOf[target]!, 1)
      }
    }
  }
  return digraph(count, edges)
}
