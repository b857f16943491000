/**
 * Availability: whether enough operations succeeded.
 */
import { Schema } from "effect"
import { type Call, calls, entries } from "../history/History.ts"
import type { History } from "../history/Operation.ts"
import type { CheckOptions } from "./CheckOptions.ts"
import * as JepsenKeys from "../json/JepsenKeys.ts"
import { Validity } from "./Validity.ts"
import * as Verdict from "./Verdict.ts"

/** `okFraction`: of all client operations, those that succeeded. */
export const Results = JepsenKeys.struct({ validity: Validity, okFraction: Schema.Number })
export interface Results extends Schema.Schema.Type<typeof Results> {}

/**
 * Compares the fraction of client operations that succeeded with the goal of the test.
 *
 * The fraction is rounded to single precision, as in Maelstrom, before it is compared: 90 of 100 misses a goal of 0.9
 * by the rounding error.
 */
export const check = (history: History, options: Pick<CheckOptions, "availability">): Verdict.Verdict<Results> => {
  const all = calls(history)
  const unsuccessful = all.filter(({ completion }) => completion?.type !== "ok")
  const fraction = Math.fround(all.length === 0 ? 1 : (all.length - unsuccessful.length) / all.length)
  const goal = options.availability === "total" ? 1 : options.availability
  const validity = goal === null || goal <= fraction
  return Verdict.make(
    { validity, okFraction: shortest(fraction) },
    { anomalies: validity ? [] : [shortfall(options.availability, unsuccessful, all.length)] }
  )
}

// One failure breaks total availability, but only all of them show that a fraction was missed.
const shortfall = (
  goal: CheckOptions["availability"],
  unsuccessful: ReadonlyArray<Call>,
  total: number
): Verdict.Anomaly => ({
  name: "unavailable",
  message:
    `${unsuccessful.length} of ${total} operations did not succeed, where ` +
    (goal === "total" ? "all should." : `a fraction of ${goal} should.`),
  operations: (goal === "total" ? unsuccessful.slice(0, 1) : unsuccessful)
    .flatMap(entries)
    .toSorted((left, right) => left.index - right.index)
})

/** The shortest decimal number that rounds to a given single. */
const shortest = (single: number): number => {
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(single.toPrecision(digits))
    if (Math.fround(candidate) === single) {
      return candidate
    }
  }
  return Number(single.toPrecision(9))
}
