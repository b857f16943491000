/**
 * Anomalies in plain words.
 */
import type { Operation } from "../../history/Operation.ts"
import type { Finding } from "../Verdict.ts"
import type { ExistingCycle } from "./CycleExistence.ts"
import type { Cycle } from "./Cycles.ts"
import type { AmbiguousVersion, Dependency } from "./DependencyGraph.ts"
import type { DirtyRead } from "./DirtyRead.ts"
import type { InternalInconsistency } from "./InternalConsistency.ts"
import type { LostUpdate } from "./LostUpdate.ts"
import { entryOf, keyName, type MicroOperation, type Transaction, type TransactionHistory, valueName } from "./Transaction.ts"
import type { CyclicVersions } from "./VersionOrder.ts"

/** Explains anomalies of one history. Transactions are called T1, T2, … with the index of their last entry. */
export class Explanation {
  readonly #history: TransactionHistory

  constructor(history: TransactionHistory) {
    this.#history = history
  }

  abortedRead({ reader, read, writer }: DirtyRead): Finding {
    return {
      name: "G1a",
      message: `${name(1, writer)} wrote ${this.#assignment(read)} and was aborted, but ${name(2, reader)} read this value.`,
      operations: entries([writer, reader])
    }
  }

  intermediateRead({ reader, read, writer }: DirtyRead): Finding {
    const last = this.#value(writer.externalWrites.get(read.key) ?? read.value)
    return {
      name: "G1b",
      message:
        `${name(1, writer)} wrote ${this.#assignment(read)} and then replaced it by ${last}, ` +
        `but ${name(2, reader)} read the intermediate value.`,
      operations: entries([writer, reader])
    }
  }

  internal({ transaction, read, expected }: InternalInconsistency): Finding {
    const earlier = `${expected.kind === "w" ? "wrote" : "read"} ${this.#assignment(expected)}`
    return {
      name: "internal",
      message: `${name(1, transaction)} ${earlier}, but then read ${this.#value(read.value)} from the same key.`,
      operations: entries([transaction])
    }
  }

  lostUpdate({ key, value, transactions }: LostUpdate): Finding {
    const [first, second] = transactions.slice(0, 2) as [Transaction, Transaction]
    const update = (transaction: Transaction) => this.#value(transaction.externalWrites.get(key)!)
    return {
      name: "lost-update",
      message:
        `${name(1, first)} and ${name(2, second)} both read ${this.#state(key, value)} and replaced it, ` +
        `by ${update(first)} and ${update(second)}, so that one of them did not see the other's update.`,
      operations: entries([first, second])
    }
  }

  cyclicVersions({ key, versions, sources }: CyclicVersions): Finding {
    const { transactions } = this.#history
    const concerned = new Set(versions)
    const isConcerned = (version: number | undefined) => version !== undefined && concerned.has(version)
    return {
      name: "cyclic-versions",
      message:
        `The values ${versions.map((version) => this.#value(version)).join(", ")} of key ${this.#key(key)} would each ` +
        `have to come before the others (inferred from ${sources.join(", ")}).`,
      operations: entries(
        transactions.filter(
          ({ status, externalReads, externalWrites }) =>
            status === "ok" && (isConcerned(externalReads.get(key)) || isConcerned(externalWrites.get(key)))
        )
      )
    }
  }

  cycle({ anomaly, steps }: Cycle): Finding {
    const numbers = new Map(steps.map(({ from }, place) => [from, place + 1]))
    const label = (transaction: Transaction) => `T${numbers.get(transaction)}`
    const introduced = steps.map(({ from }, place) => name(place + 1, from)).join(", ")
    const reasons = steps.map((step) => this.#step(step, label(step.from), label(step.to)))
    return {
      name: anomaly,
      message: `${introduced}: ${reasons.join("; ")}; so each would have to come before itself.`,
      operations: entries(
        steps.map(({ from }) => from),
        // That a transaction began after another one ended is only shown by its invocation.
        steps.flatMap(({ relation, to }) => (relation === "realtime" ? [to.invocation] : []))
      )
    }
  }

  existingCycle({ anomaly, model, vertices }: ExistingCycle): Finding {
    return {
      name: anomaly,
      message: `${vertices.length} transactions depend on each other in a circle that ${model} does not allow.`,
      operations: entries(vertices.map((vertex) => this.#history.transactions[vertex]!))
    }
  }

  ambiguousVersion({ key, value, writers }: AmbiguousVersion): Finding {
    const [first, second] = writers
    return {
      name: "duplicate-write",
      message: `${name(1, first)} and ${name(2, second)} both claim to have written ${this.#state(key, value)}.`,
      operations: entries(writers)
    }
  }

  #step({ relation, from, key, value, next }: Dependency, first: string, second: string): string {
    if (relation === "realtime") {
      return `${first} had ended before ${second} began`
    }
    if (relation === "process" || key === undefined || value === undefined) {
      return `process ${entryOf(from).process} ran ${first} before ${second}`
    }
    if (relation === "wr") {
      return `${first} wrote ${this.#state(key, value)}, which ${second} read`
    }
    const verb = relation === "ww" ? "wrote" : "read"
    return `${first} ${verb} ${this.#state(key, value)} before ${second} replaced it by ${this.#value(next ?? value)}`
  }

  #assignment({ key, value }: MicroOperation): string {
    return this.#state(key, value)
  }

  #state(key: number, value: number): string {
    return `key ${this.#key(key)} = ${this.#value(value)}`
  }

  #key(key: number): string {
    return keyName(this.#history, key)
  }

  #value(value: number): string {
    return valueName(this.#history, value)
  }
}

/** What a transaction is called in a message: T1, T2, … with the index of its last entry. */
export const name = (number: number, transaction: Transaction): string =>
  `T${number} (entry ${entryOf(transaction).index})`

/** The last entries of transactions, and further ones, in history order. */
export const entries = (
  transactions: ReadonlyArray<Transaction>,
  further: ReadonlyArray<Operation> = []
): ReadonlyArray<Operation> =>
  [...new Set([...transactions.map(entryOf), ...further])].toSorted((left, right) => left.index - right.index)
