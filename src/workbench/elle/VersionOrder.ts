/**
 * Version order: in which order the versions of each key came to be, as far as it can be inferred.
 */
import { append, getOrInsert } from "../collections/MultiMap.ts"
import { digraph, EdgeList } from "./Digraph.ts"
import { processOrder } from "./ProcessOrder.ts"
import { type Order, realtimeOrder } from "./RealtimeOrder.ts"
import { cyclicComponents } from "./StrongComponents.ts"
import { type Accesses, allAccesses, type Transaction, type TransactionHistory } from "./Transaction.ts"

/** For each key and version, the versions that came later. Not transitive. */
export type VersionGraphs = ReadonlyMap<number, ReadonlyMap<number, ReadonlySet<number>>>

/**
 * What to infer the order of versions from, besides that every version comes after null.
 *
 * - `accesses`: which reads and writes of a transaction count. Maelstrom's are the external ones.
 * - `writesFollowReads`: a transaction writes a version later than the one it read. The only one Maelstrom uses.
 * - `sequentialKeys`: each key by itself is sequentially consistent; what a process sees of it goes forward.
 * - `linearizableKeys`: each key by itself is linearizable; what is seen of it goes forward in real time.
 */
export interface VersionOrderOptions {
  readonly accesses: Accesses
  readonly writesFollowReads: boolean
  readonly sequentialKeys: boolean
  readonly linearizableKeys: boolean
}

/** Versions of a key each of which would have to come before the others, if all `sources` could be trusted. */
export interface CyclicVersions {
  readonly key: number
  readonly versions: ReadonlyArray<number>
  readonly sources: ReadonlyArray<string>
}

/** The order of versions. A source that makes it cyclic for any key is not used, and the cycles are told. */
export interface VersionOrder {
  readonly graphs: VersionGraphs
  readonly cyclic: ReadonlyArray<CyclicVersions>
}

/** Infers the order of versions, adding one source at a time, as Elle does. */
export const versionOrder = (history: TransactionHistory, options: VersionOrderOptions): VersionOrder => {
  const sources: ReadonlyArray<readonly [name: string, used: boolean, graph: () => VersionGraphs]> = [
    ["initial-state", true, () => afterInitial(history, options.accesses)],
    ["wfr-keys", options.writesFollowReads, () => writesFollowReads(history)],
    ["write-order", options.accesses === allAccesses, () => innerWriteOrder(history)],
    ["sequential-keys", options.sequentialKeys, () => accessOrder(history, processOrder)],
    ["linearizable-keys", options.linearizableKeys, () => accessOrder(history, realtimeOrder)]
  ]
  let names: ReadonlyArray<string> = []
  let graphs: VersionGraphs = new Map()
  const cyclic: Array<CyclicVersions> = []
  for (const [name, used, infer] of sources) {
    if (!used) {
      continue
    }
    const combinedNames = [...names, name]
    const combined = union(graphs, infer())
    const cycles = versionCycles(combined).map(({ key, versions }) => ({ key, versions, sources: combinedNames }))
    if (cycles.length === 0) {
      names = combinedNames
      graphs = combined
    } else {
      cyclic.push(...cycles)
    }
  }
  return { graphs, cyclic }
}

/** Sets of versions of a key that follow from each other in a cycle. */
export const versionCycles = (
  graphs: VersionGraphs
): ReadonlyArray<{ readonly key: number; readonly versions: ReadonlyArray<number> }> =>
  [...graphs].flatMap(([key, graph]) => {
    const indexes = new Map<number, number>()
    const indexOf = (version: number) => getOrInsert(indexes, version, () => indexes.size)
    const edges = new EdgeList()
    for (const [version, successors] of graph) {
      const source = indexOf(version)
      for (const successor of successors) {
        edges.add(source, indexOf(successor), 1)
      }
    }
    const versions = [...indexes.keys()]
    return cyclicComponents(digraph(versions.length, edges)).map((members) => ({
      key,
      versions: members.map((member) => versions[member]!)
    }))
  })

/** Says that `version` of a key comes before `successor`. */
export const link = (
  graphs: Map<number, Map<number, Set<number>>>,
  key: number,
  version: number,
  successor: number
): void => {
  const graph = getOrInsert(graphs, key, () => new Map())
  getOrInsert(graph, version, () => new Set()).add(successor)
}

const afterInitial = ({ transactions, initial }: TransactionHistory, accesses: Accesses): VersionGraphs => {
  const graphs = new Map<number, Map<number, Set<number>>>()
  for (const transaction of transactions) {
    if (transaction.status === "fail") {
      continue
    }
    for (const versions of [accesses.writes(transaction), accesses.reads(transaction)]) {
      for (const [key, version] of versions) {
        if (version !== initial) {
          link(graphs, key, initial, version)
        }
      }
    }
  }
  return graphs
}

/** The order of versions between what each committed transaction read of a key and what it wrote there. */
export const writesFollowReads = ({ transactions, initial }: TransactionHistory): VersionGraphs => {
  const graphs = new Map<number, Map<number, Set<number>>>()
  for (const { status, externalReads, externalWrites } of transactions) {
    if (status !== "ok") {
      continue
    }
    for (const [key, version] of externalReads) {
      const successor = externalWrites.get(key)
      if (version !== initial && successor !== undefined) {
        link(graphs, key, version, successor)
      }
    }
  }
  return graphs
}

// The order in which each committed transaction wrote the versions of a key, and that of every version which it read
// before the one that it wrote next, also where it had written the key before.
const innerWriteOrder = ({ transactions, initial }: TransactionHistory): VersionGraphs => {
  const graphs = new Map<number, Map<number, Set<number>>>()
  for (const { microOperations, status } of transactions) {
    if (status !== "ok") {
      continue
    }
    // Since the last write; what came before that follows.
    const known = new Map<number, Set<number>>()
    for (const { kind, key, value } of microOperations) {
      const versions = getOrInsert(known, key, () => new Set())
      if (kind === "w") {
        for (const version of versions) {
          if (version !== initial && version !== value) {
            link(graphs, key, version, value)
          }
        }
        versions.clear()
      }
      versions.add(value)
    }
  }
  return graphs
}

// If one transaction comes before another, the last it knows of a key comes before the first the other knows of it.
const accessOrder = (history: TransactionHistory, order: Order): VersionGraphs => {
  const graphs = new Map<number, Map<number, Set<number>>>()
  for (const [key, accesses] of accessesByKey(history)) {
    for (const [first, second] of order(accesses)) {
      const version = first.externalWrites.get(key) ?? first.externalReads.get(key)
      const successor = firstKnown(history, second, key)
      if (version !== undefined && successor !== undefined && version !== successor) {
        link(graphs, key, version, successor)
      }
    }
  }
  return graphs
}

// Elle passes over a null that a transaction read before it wrote.
const firstKnown = ({ initial }: TransactionHistory, transaction: Transaction, key: number): number | undefined => {
  const read = transaction.externalReads.get(key)
  return read === undefined || read === initial ? (transaction.externalWrites.get(key) ?? read) : read
}

const accessesByKey = ({ transactions }: TransactionHistory): ReadonlyMap<number, ReadonlyArray<Transaction>> => {
  const accesses = new Map<number, Array<Transaction>>()
  for (const transaction of transactions) {
    if (transaction.status === "fail") {
      continue
    }
    for (const key of new Set([...transaction.externalReads.keys(), ...transaction.externalWrites.keys()])) {
      append(accesses, key, transaction)
    }
  }
  return accesses
}

const union = (left: VersionGraphs, right: VersionGraphs): VersionGraphs => {
  const graphs = new Map<number, Map<number, Set<number>>>()
  for (const part of [left, right]) {
    for (const [key, graph] of part) {
      for (const [version, successors] of graph) {
        for (const successor of successors) {
          link(graphs, key, version, successor)
        }
      }
    }
  }
  return graphs
}
