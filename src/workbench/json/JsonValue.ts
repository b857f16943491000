/**
 * Identity and order of JSON values, as Maelstrom's language sees them.
 *
 * Two values are the same if they have the same type and content: `3`, `3.0` and `"3"` are three values, and objects do
 * not depend on the order of their keys.
 */
import { Order, Predicate } from "effect"
import { type ExactNumber, isExactNumber } from "./ExactNumber.ts"
import { isInteger } from "./Integer.ts"

/** The JSON text of a value with the keys of objects in order: the same text for the same value, and only for it. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(",")}]`
  }
  if (Predicate.isObject(value) && !isExactNumber(value)) {
    const fields = Object.entries(value).toSorted(([left], [right]) => Order.String(left, right))
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(",")}}`
  }
  return JSON.stringify(value) ?? "null"
}

/** Whether two values have the same type and content. */
export const same = (left: unknown, right: unknown): boolean => left === right || canonical(left) === canonical(right)

/** What a value is called when its type is plain: a string as it is, all else as JSON. */
export const label = (value: unknown): string => (Predicate.isString(value) ? value : canonical(value))

/** What a number or string is called regardless of its type: the same for `3`, `3.0` and `"3"`. */
export const untyped = (value: unknown): string =>
  isInteger(value) || !isExactNumber(value) ? label(value) : String(Number(value.rawJSON))

/** The kind of a value in words: `a string`. Numbers are integers or floats, as `3` and `3.0` are. */
export const kind = (value: unknown): string => {
  if (Predicate.isNumber(value) || isExactNumber(value)) {
    return isInteger(value) ? "an integer" : "a float"
  }
  return kindNames[kindOf(value)]!
}

/**
 * Orders values of one kind as Clojure's `compare` does (a shorter list before a longer one), and different kinds,
 * which Clojure cannot compare, as null, booleans, numbers, strings, lists, objects.
 */
export const order: Order.Order<unknown> = Order.make((left, right) => {
  const kind = kindOf(left)
  if (kind !== kindOf(right)) {
    return Order.Number(kind, kindOf(right))
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return lists(left, right)
  }
  if (kind === Kind.number) {
    return numbers(left, right)
  }
  return Predicate.isString(left) && Predicate.isString(right)
    ? Order.String(left, right)
    : Order.String(canonical(left), canonical(right))
})

const Kind = { null: 0, boolean: 1, number: 2, string: 3, list: 4, object: 5 } as const

const kindNames = ["null", "a boolean", "a number", "a string", "a list", "an object"]

const kindOf = (value: unknown): number => {
  if (Predicate.isNullish(value)) {
    return Kind.null
  }
  if (Predicate.isNumber(value) || isExactNumber(value)) {
    return Kind.number
  }
  if (Predicate.isBoolean(value)) {
    return Kind.boolean
  }
  if (Predicate.isString(value)) {
    return Kind.string
  }
  return Array.isArray(value) ? Kind.list : Kind.object
}

const lists = (left: ReadonlyArray<unknown>, right: ReadonlyArray<unknown>) => {
  if (left.length !== right.length) {
    return Order.Number(left.length, right.length)
  }
  for (const [place, element] of left.entries()) {
    const ordering = order(element, right[place])
    if (ordering !== 0) {
      return ordering
    }
  }
  return 0
}

// Large integers that one double stands for differ in their digits alone.
const numbers = (left: unknown, right: unknown) => {
  const ordering = Order.Number(magnitude(left), magnitude(right))
  return ordering === 0 && isLargeInteger(left) && isLargeInteger(right)
    ? Order.BigInt(BigInt(left.rawJSON), BigInt(right.rawJSON))
    : ordering
}

const magnitude = (value: unknown): number => Number(isExactNumber(value) ? value.rawJSON : value)

const isLargeInteger = (value: unknown): value is ExactNumber => isExactNumber(value) && isInteger(value)
