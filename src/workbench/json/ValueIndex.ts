/**
 * Interns values: small numbers for those of a history, so that what is known of each lives in plain arrays.
 */
import { Predicate } from "effect"
import { canonical } from "./JsonValue.ts"

/** Numbers values from 0 in the order in which they are added. Values are the same as in `JsonValue.same`. */
export class ValueIndex {
  readonly #primitives = new Map<unknown, number>()
  readonly #compounds = new Map<string, number>()
  readonly #values: Array<unknown> = []

  constructor(values: Iterable<unknown> = []) {
    for (const value of values) {
      this.add(value)
    }
  }

  /** The values by their numbers. */
  get values(): ReadonlyArray<unknown> {
    return this.#values
  }

  /** The number of a value, or `undefined` if it was never added. */
  get(value: unknown): number | undefined {
    return Predicate.isObjectOrArray(value) ? this.#compounds.get(canonical(value)) : this.#primitives.get(value)
  }

  /** The number of a value, which is added if it is new. */
  add(value: unknown): number {
    const known = this.get(value)
    if (known !== undefined) {
      return known
    }
    const number = this.#values.length
    this.#values.push(value)
    if (Predicate.isObjectOrArray(value)) {
      this.#compounds.set(canonical(value), number)
    } else {
      this.#primitives.set(value, number)
    }
    return number
  }
}
