/**
 * The checker of the unique-ids workload.
 */
import { nodeName } from "../../history/ClientBinding.ts"
import { type ClientOperation, completions, invocations } from "../../history/History.ts"
import type { History } from "../../history/Operation.ts"
import type { CheckOptions } from "../../checkers/CheckOptions.ts"
import { canonical, label, order } from "../../json/JsonValue.ts"
import { ValueIndex } from "../../json/ValueIndex.ts"
import type { Verdict } from "../../checkers/Verdict.ts"

/**
 * No id may be given out twice. Ids may be of any type, and those of different types are different.
 *
 * Unlike Maelstrom's, this checker also orders ids of several types, for `range`. A `null` for an id is a anomaly
 * (`null-id`).
 *
 * After `jepsen.checker/unique-ids`.
 */
export const check = (history: History, options: CheckOptions): Verdict => {
  const attempts = invocations(history).filter(isGenerate)
  const acknowledgements = completions(history)
    .filter(isGenerate)
    .filter(({ type }) => type === "ok")
  const uses = usesOf(acknowledgements)
  const duplicates = uses.filter(({ operations }) => operations.length > 1).toSorted(byId)
  return {
    valid: duplicates.length === 0,
    results: {
      "valid?": duplicates.length === 0,
      "attempted-count": attempts.length,
      "acknowledged-count": acknowledgements.length,
      "duplicated-count": duplicates.length,
      duplicated: Object.fromEntries(
        mostFrequent(duplicates).map(({ id, operations }) => [label(id), operations.length])
      ),
      range: rangeOf(uses)
    },
    anomalies: duplicates.map(({ id, operations }) => ({
      name: "duplicated",
      message: `The id ${canonical(id)} was given out ${operations.length} times; it came from ${givers(operations, options)}.`,
      operations: operations.slice(0, 2)
    })),
    warnings: acknowledgements
      .filter(({ value }) => value === null)
      .map((operation) => ({
        name: "null-id",
        message: `${nodeName(operation, options)} gave out null for an id.`,
        operations: [operation]
      }))
  }
}

/** An id with the operations that were given it, in history order. */
interface Use {
  readonly id: unknown
  readonly operations: ReadonlyArray<ClientOperation>
}

const isGenerate = ({ f }: ClientOperation): boolean => f === "generate"

const usesOf = (acknowledgements: ReadonlyArray<ClientOperation>): ReadonlyArray<Use> => {
  const ids = new ValueIndex()
  return [...Map.groupBy(acknowledgements, ({ value }) => ids.add(value)).values()].flatMap((operations) =>
    operations.slice(0, 1).map(({ value }) => ({ id: value, operations }))
  )
}

const byId = (left: Use, right: Use) => order(left.id, right.id)

const reportedDuplicates = 48

// Of equally frequent ids Jepsen keeps the greatest, and lists what it keeps by id.
const mostFrequent = (duplicates: ReadonlyArray<Use>): ReadonlyArray<Use> =>
  duplicates
    .toSorted((left, right) => left.operations.length - right.operations.length)
    .slice(-reportedDuplicates)
    .toSorted(byId)

const rangeOf = (uses: ReadonlyArray<Use>): readonly [least: unknown, greatest: unknown] => {
  let least: unknown = uses[0]?.id ?? null
  let greatest = least
  for (const { id } of uses) {
    least = order(id, least) < 0 ? id : least
    greatest = order(id, greatest) > 0 ? id : greatest
  }
  return [least, greatest]
}

const givers = (operations: ReadonlyArray<ClientOperation>, options: CheckOptions): string =>
  [...new Set(operations.map((operation) => nodeName(operation, options)))].join(", ")
