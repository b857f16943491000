/**
 * Bugs of broadcast systems that Maelstrom's set checker lets through.
 */
import { nodeIndex, nodeName } from "../../history/ClientBinding.ts"
import { type ClientOperation, clientOperations, pairs } from "../../history/History.ts"
import type { History } from "../../history/Operation.ts"
import type { CheckOptions } from "../../checkers/CheckOptions.ts"
import { isFinalRead, unansweredFinalReads } from "../../checkers/FinalReads.ts"
import { canonical, kind, untyped } from "../../json/JsonValue.ts"
import { ValueIndex } from "../../json/ValueIndex.ts"
import type { Anomaly } from "../../checkers/Verdict.ts"

/**
 * - `duplicated`: one read holds a value twice.
 * - `phantom`: a read holds a value that nobody had sent by then.
 * - `wrong-type`: a read holds a value in another JSON type than it was sent in, as a string for a number.
 * - `forgotten`: a node returned a value, and lacks it in a read that began later.
 * - `final-reads-disagree`: the final read of one node lacks what that of another holds.
 * - `unanswered-final-read`: a final read that did not succeed.
 *
 * Every value is reported once under a name (once for every node that forgot it). Values in `lost`, of which the
 * verdict already says that they are missing, are not reported as missing again.
 */
export const warnings = (history: History, lost: ValueIndex, options: CheckOptions): ReadonlyArray<Anomaly> => {
  const reads = new Reads(lost, options)
  const counterparts = pairs(history)
  for (const operation of clientOperations(history)) {
    if (operation.f === "broadcast" && operation.type === "invoke") {
      reads.send(operation.value)
    } else if (operation.f === "read" && operation.type === "ok") {
      reads.read(counterparts.get(operation) ?? operation, operation)
    }
  }
  return [...reads.warnings(), ...unansweredFinalReads(history, options)]
}

/** What the reads have shown so far. Values that were sent go by their numbers in order of sending. */
class Reads {
  readonly #lost: ValueIndex
  readonly #options: CheckOptions
  readonly #sent = new ValueIndex()
  readonly #sentUntyped = new Map<string, number>()
  /** By node and value the first read of the node that holds the value. */
  readonly #firstSeen: Array<Array<ClientOperation | undefined>> = []
  readonly #finalReads: Array<FinalRead> = []
  readonly #warnings = new Map<string, Anomaly>()

  constructor(lost: ValueIndex, options: CheckOptions) {
    this.#lost = lost
    this.#options = options
  }

  send(value: unknown): void {
    this.#sentUntyped.set(untyped(value), this.#sent.add(value))
  }

  read(invocation: ClientOperation, completion: ClientOperation): void {
    const node = nodeName(completion, this.#options)
    const held = new Set<number>()
    const strays = new ValueIndex()
    for (const value of Array.isArray(completion.value) ? completion.value : []) {
      const sent = this.#sent.get(value)
      if (sent === undefined ? strays.get(value) !== undefined : held.has(sent)) {
        const text = canonical(value)
        this.#report("duplicated", text, `A read of ${node} holds ${text} more than once.`, [completion])
      } else if (sent === undefined) {
        strays.add(value)
      } else {
        held.add(sent)
      }
    }
    for (const stray of strays.values) {
      const text = canonical(stray)
      const sent = this.#sentUntyped.get(untyped(stray))
      if (sent === undefined) {
        this.#report("phantom", text, `A read of ${node} holds ${text}, which nobody had sent.`, [completion])
      } else {
        const original = this.#sent.values[sent]
        const message = `A read of ${node} holds ${text}, which was sent as ${canonical(original)}: ${kind(stray)} for ${kind(original)}.`
        this.#report("wrong-type", text, message, [completion])
        held.add(sent)
      }
    }
    this.#remember(invocation, completion, held)
    if (isFinalRead(completion)) {
      this.#finalReads.push({ read: completion, held })
    }
  }

  warnings(): ReadonlyArray<Anomaly> {
    this.#compareFinalReads()
    return [...this.#warnings.values()]
  }

  #remember(invocation: ClientOperation, completion: ClientOperation, held: ReadonlySet<number>): void {
    const node = nodeName(completion, this.#options)
    const firstSeen = (this.#firstSeen[nodeIndex(completion, this.#options)] ??= [])
    for (const value of held) {
      firstSeen[value] ??= completion
    }
    for (let value = 0; value < firstSeen.length; value++) {
      const seen = firstSeen[value]
      if (seen !== undefined && seen.index < invocation.index && !held.has(value) && !this.#isLost(value)) {
        const text = canonical(this.#sent.values[value])
        const message = `${node} returned ${text} (${seen.index}), but a later read of it (${completion.index}) lacks it.`
        this.#report("forgotten", `${node} ${value}`, message, [seen, invocation, completion])
      }
    }
  }

  #compareFinalReads(): void {
    for (const { read, held } of this.#finalReads) {
      const node = nodeName(read, this.#options)
      for (const other of this.#finalReads) {
        for (const value of other.held) {
          if (held.has(value) || this.#isLost(value) || this.#warnings.has(`forgotten ${node} ${value}`)) {
            continue
          }
          const text = canonical(this.#sent.values[value])
          const holder = nodeName(other.read, this.#options)
          const message = `The final read of ${node} lacks ${text}, which the final read of ${holder} holds.`
          const operations = [read, other.read].toSorted((left, right) => left.index - right.index)
          this.#report("final-reads-disagree", `${node} ${value}`, message, operations)
        }
      }
    }
  }

  #isLost(value: number): boolean {
    return this.#lost.get(this.#sent.values[value]) !== undefined
  }

  #report(name: string, subject: string, message: string, operations: ReadonlyArray<ClientOperation>): void {
    const key = `${name} ${subject}`
    if (!this.#warnings.has(key)) {
      this.#warnings.set(key, { name, message, operations })
    }
  }
}

/** A final read with the numbers of the values that it holds. */
interface FinalRead {
  readonly read: ClientOperation
  readonly held: ReadonlySet<number>
}
