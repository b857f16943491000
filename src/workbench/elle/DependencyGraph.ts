/**
 * Direct serialization graph (Adya): which transactions depend on which, and why. With further orders of them, as here,
 * it is what Elle calls the dependency graph.
 */
import { append, getOrInsert } from "../collections/MultiMap.ts"
import { type Digraph, digraph, EdgeList } from "./Digraph.ts"
import { processOrder } from "./ProcessOrder.ts"
import { realtimeOrder } from "./RealtimeOrder.ts"
import { Relation, type RelationName, relationName } from "./Relation.ts"
import { type Accesses, externalAccesses, type Transaction, type TransactionHistory } from "./Transaction.ts"
import type { VersionGraphs } from "./VersionOrder.ts"

/** The order of transactions, if any, that a consistency model adds to the dependencies through data. */
export type AdditionalOrder = "process" | "realtime" | "none"

/** What the graph is made from. `writers` tells by key and version which committed transaction wrote it. */
export interface Dependencies {
  readonly history: TransactionHistory
  readonly accesses: Accesses
  readonly versions: VersionGraphs
  readonly writers: Writers
  readonly order: AdditionalOrder
}

/** The committed writer of each version, by key and value. */
export type Writers = ReadonlyMap<number, ReadonlyMap<number, Transaction>>

/** One step of a cycle in detail: for data dependencies the key, the version concerned, and its successor. */
export interface Dependency {
  readonly relation: RelationName
  readonly from: Transaction
  readonly to: Transaction
  readonly key?: number
  readonly value?: number
  readonly next?: number
}

/** The graph, and whether it is empty, that is, no transaction has anything to do with any other. */
export interface DependencyGraph {
  readonly graph: Digraph
  readonly isEmpty: boolean
}

/**
 * The dependency graph. Its vertices are the indexes of the transactions.
 *
 * - `wr`: the target read what the source wrote.
 * - `ww`: the target wrote the version that follows the source's.
 * - `rw`: the target wrote the version that follows the one which the source read.
 *
 * An `rw` edge goes from every reader of null to every writer of the key, so that the size of the graph is bounded by
 * the number of reads times the number of writes a key gets.
 */
export const dependencyGraph = ({ accesses, history, versions, writers, order }: Dependencies): DependencyGraph => {
  const edges = new EdgeList()
  let ownSuccessors = 0
  const readers = readersOf(history, accesses)
  for (const [key, ofKey] of readers) {
    for (const [version, group] of ofKey) {
      const writer = writers.get(key)?.get(version)
      if (writer !== undefined) {
        for (const reader of group) {
          edges.add(writer.index, reader.index, Relation.wr)
        }
      }
    }
  }
  for (const [key, graph] of versions) {
    for (const [version, successors] of graph) {
      const previous = writers.get(key)?.get(version)
      const observers = readers.get(key)?.get(version) ?? []
      for (const successor of successors) {
        const writer = writers.get(key)?.get(successor)
        if (writer === undefined) {
          continue
        }
        if (previous !== undefined && previous !== writer) {
          edges.add(previous.index, writer.index, Relation.ww)
        }
        for (const observer of observers) {
          if (observer === writer) {
            ownSuccessors++
          } else {
            edges.add(observer.index, writer.index, Relation.rw)
          }
        }
      }
    }
  }
  if (order !== "none") {
    const pairs = order === "realtime" ? realtimeOrder(history.transactions) : processOrder(history.transactions)
    for (const [first, second] of pairs) {
      edges.add(first.index, second.index, Relation[order])
    }
  }
  // Elle counts a transaction that replaced what it read as part of the graph.
  const isEmpty = edges.sources.length === 0 && ownSuccessors === 0
  return { graph: digraph(history.transactions.length, edges), isEmpty }
}

/** The detail of an edge that stands for the given relation. */
export const dependency = (
  { accesses, versions }: Dependencies,
  from: Transaction,
  to: Transaction,
  relation: number
): Dependency => {
  const step = { relation: relationName(relation), from, to }
  if (relation === Relation.wr) {
    const reads = [...accesses.reads(to)]
    for (const [key, value] of accesses.writes(from)) {
      if (reads.some(([readKey, read]) => readKey === key && read === value)) {
        return { ...step, key, value }
      }
    }
  }
  if (relation === Relation.ww || relation === Relation.rw) {
    const writes = [...accesses.writes(to)]
    for (const [key, value] of relation === Relation.ww ? accesses.writes(from) : accesses.reads(from)) {
      const successors = versions.get(key)?.get(value)
      const next = writes.find(([written, version]) => written === key && successors?.has(version) === true)
      if (next !== undefined) {
        return { ...step, key, value, next: next[1] }
      }
    }
  }
  return step
}

/** A version that several committed transactions wrote, so that nobody can tell which of them was read. */
export interface AmbiguousVersion {
  readonly key: number
  readonly value: number
  readonly writers: readonly [Transaction, Transaction]
}

/** The committed writers of all versions, and the ambiguous versions among those. */
export const writersOf = (
  { transactions }: TransactionHistory,
  accesses: Accesses = externalAccesses
): { readonly writers: Writers; readonly ambiguous: ReadonlyArray<AmbiguousVersion> } => {
  const writers = new Map<number, Map<number, Transaction>>()
  const ambiguous: Array<AmbiguousVersion> = []
  for (const transaction of transactions) {
    if (transaction.status !== "ok") {
      continue
    }
    for (const [key, value] of accesses.writes(transaction)) {
      const ofKey = getOrInsert(writers, key, () => new Map())
      const other = ofKey.get(value)
      if (other === undefined) {
        ofKey.set(value, transaction)
      } else {
        ambiguous.push({ key, value, writers: [other, transaction] })
      }
    }
  }
  return { writers, ambiguous }
}

/** The committed transactions that read each version of each key from others. */
export const readersOf = (
  { transactions }: TransactionHistory,
  accesses: Accesses = externalAccesses
): ReadonlyMap<number, ReadonlyMap<number, ReadonlyArray<Transaction>>> => {
  const readers = new Map<number, Map<number, Array<Transaction>>>()
  for (const transaction of transactions) {
    for (const [key, value] of accesses.reads(transaction)) {
      const ofKey = getOrInsert(readers, key, () => new Map())
      append(ofKey, value, transaction)
    }
  }
  return readers
}
