/**
 * Strongly connected components: the sets of vertices that can all reach each other.
 */
import { append } from "../collections/MultiMap.ts"
import type { Digraph } from "./Digraph.ts"

/**
 * Which component each vertex belongs to.
 *
 * Components are numbered from 0 such that an edge between two of them leads to the lower number.
 */
export interface StrongComponents {
  readonly count: number
  readonly componentOf: Int32Array
}

/** Finds the components in linear time (Tarjan, "Depth-First Search and Linear Graph Algorithms", 1972). */
export const strongComponents = ({ size, offsets, targets }: Digraph): StrongComponents => {
  const componentOf = new Int32Array(size).fill(-1)
  const order = new Int32Array(size).fill(-1)
  const low = new Int32Array(size)
  // The edge to follow next, for each vertex on the path: the call stack of the recursive formulation.
  const cursor = new Int32Array(size)
  const path: Array<number> = []
  const pending: Array<number> = []
  let visited = 0
  let count = 0
  for (let root = 0; root < size; root++) {
    if (order[root] !== -1) {
      continue
    }
    path.push(root)
    while (path.length > 0) {
      const vertex = path.at(-1)!
      if (order[vertex] === -1) {
        order[vertex] = low[vertex] = visited++
        cursor[vertex] = offsets[vertex]!
        pending.push(vertex)
      }
      let descended = false
      while (cursor[vertex]! < offsets[vertex + 1]!) {
        const target = targets[cursor[vertex]!++]!
        if (order[target] === -1) {
          path.push(target)
          descended = true
          break
        }
        if (componentOf[target] === -1 && order[target]! < low[vertex]!) {
          low[vertex] = order[target]!
        }
      }
      if (descended) {
        continue
      }
      path.pop()
      if (low[vertex] === order[vertex]) {
        let member: number
        do {
          member = pending.pop()!
          componentOf[member] = count
        } while (member !== vertex)
        count++
      }
      const parent = path.at(-1)
      if (parent !== undefined && low[vertex]! < low[parent]!) {
        low[parent] = low[vertex]!
      }
    }
  }
  return { count, componentOf }
}

/** The components of two or more vertices, by their lowest vertices, each with its vertices in order. */
export const cyclicComponents = (graph: Digraph): ReadonlyArray<ReadonlyArray<number>> => {
  const { count, componentOf } = strongComponents(graph)
  const sizes = new Int32Array(count)
  for (const component of componentOf) {
    sizes[component]!++
  }
  const members = new Map<number, Array<number>>()
  for (const [vertex, component] of componentOf.entries()) {
    if (sizes[component]! > 1) {
      append(members, component, vertex)
    }
  }
  return [...members.values()]
}
