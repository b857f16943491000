/**
 * Topologies: line, grid, trees, total. Who is whose neighbour, as nodes are told; they are free to ignore it.
 *
 * After `maelstrom.workload.broadcast`.
 */
import type { NodeId } from "../../protocol/NodeId.ts"

/** Each node's neighbours. */
export interface Neighbours {
  readonly [node: string]: ReadonlyArray<NodeId>
}

/** The names of the topologies. `tree` is `tree2`. */
export type Topology = "line" | "grid" | "tree" | "tree2" | "tree3" | "tree4" | "total"

type Arrangement = (nodes: ReadonlyArray<NodeId>) => Neighbours

/** Each node's neighbours are those before and after it. A single node has no entry at all, as in Maelstrom. */
const line: Arrangement = (nodes) => (nodes.length < 2 ? {} : arrange(nodes, (index) => [index - 1, index + 1]))

/** Rows of a square as full as they get; neighbours are below, above, right and left. */
const grid: Arrangement = (nodes) => {
  const side = Math.ceil(Math.sqrt(nodes.length))
  return arrange(nodes, (index) => {
    const column = index % side
    const right = column + 1 < side ? [index + 1] : []
    const left = column > 0 ? [index - 1] : []
    return [index + side, index - side, ...right, ...left]
  })
}

/** A tree filled tier by tier, in which a node has up to `branches` children; neighbours are the parent and these. */
const tree =
  (branches: number): Arrangement =>
  (nodes) =>
    arrange(nodes, (index) => [
      Math.floor((index - 1) / branches),
      ...Array.from({ length: branches }, (_, child) => index * branches + child + 1)
    ])

/** Everyone is everyone's neighbour. */
const total: Arrangement = (nodes) => arrange(nodes, (index) => [...nodes.keys()].filter((other) => other !== index))

/** Every topology under its name, as a function from the nodes, in their order, to each one's neighbours. */
export const topologies: { readonly [name in Topology]: Arrangement } = {
  line,
  grid,
  tree: tree(2),
  tree2: tree(2),
  tree3: tree(3),
  tree4: tree(4),
  total
}

/** Turns neighbouring places into nodes, leaving out places where there is none. */
const arrange = (nodes: ReadonlyArray<NodeId>, neighbours: (index: number) => ReadonlyArray<number>): Neighbours =>
  Object.fromEntries(
    nodes.map((node, index) => [node, neighbours(index).flatMap((place) => nodes[place] ?? [])] as const)
  )
