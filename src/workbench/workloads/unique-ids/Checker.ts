/**
 * Checks the unique-ids workload: no id may be given out twice.
 */
import { Schema } from "effect"
import { nodeName } from "../../history/ClientBinding.ts"
import { type ClientOperation, completions, invocations } from "../../history/History.ts"
import type { History } from "../../history/Operation.ts"
import type { CheckOptions } from "../../checkers/CheckOptions.ts"
import { canonical, label, order } from "../../json/JsonValue.ts"
import * as JepsenKeys from "../../json/JepsenKeys.ts"
import { ValueIndex } from "../../json/ValueIndex.ts"
import { Validity } from "../../checkers/Validity.ts"
import * as Verdict from "../../checkers/Verdict.ts"
import * as Strict from "./Strict.ts"

/** `duplicated`: up to 48 ids with how often each was given out. `range`: the least and the greatest id. */
export const Results = JepsenKeys.struct({
  validity: Validity,
  attemptedCount: Schema.Int,
  acknowledgedCount: Schema.Int,
  duplicatedCount: Schema.Int,
  duplicated: Schema.Record(Schema.String, Schema.Int),
  range: Schema.Tuple([Schema.Unknown, Schema.Unknown])
})
export interface Results extends Schema.Schema.Type<typeof Results> {}

/**
 * Ids may be of any type, and those of different types are different.
 *
 * Unlike Maelstrom's, this checker also orders ids of several types, for `range`.
 *
 * After `jepsen.checker/unique-ids`. For the warnings see `Strict.ts`.
 */
export const check = (history: History, options: CheckOptions): Verdict.Verdict<Results> => {
  const attempts = invocations(history).filter(isGenerate)
  const acknowledgements = completions(history)
    .filter(isGenerate)
    .filter(({ type }) => type === "ok")
  const uses = usesOf(acknowledgements)
  const duplicates = uses.filter(({ operations }) => operations.length > 1).toSorted(byId)
  return Verdict.make(
    {
      validity: duplicates.length === 0,
      attemptedCount: attempts.length,
      acknowledgedCount: acknowledgements.length,
      duplicatedCount: duplicates.length,
      duplicated: Object.fromEntries(
        mostFrequent(duplicates).map(({ id, operations }) => [label(id), operations.length])
      ),
      range: rangeOf(uses)
    },
    {
      anomalies: duplicates.map(({ id, operations }) => ({
        name: "duplicated",
        message: `The id ${canonical(id)} was given out ${operations.length} times; it came from ${givers(operations, options)}.`,
        operations: operations.slice(0, 2)
      })),
      warnings: Strict.warnings(acknowledgements, options)
    }
  )
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
