/**
 * Plans a comparison: which strategies take part, and the one setting that all of them run at.
 */
import { Effect, Equal, Option, Record } from "effect"
import { challenges as registered } from "../../challenges/registry.ts"
import type { Challenge } from "../../challenges/Challenge.ts"
import type { Limits } from "../../workbench/run/Limits.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as ChallengeLookup from "../flags/ChallengeLookup.ts"
import { CannotRun } from "../process/CannotRun.ts"
import { type TestFlags, testFlags } from "../flags/TestFlags.ts"
import { nemesisProblem, testOptions } from "../flags/OptionsOfFlags.ts"
import type { TestPlan } from "../plan/TestPlan.ts"

/** What is run, and what it is compared by. */
export interface ComparisonPlan {
  /** The challenge whose official flags are the setting, unless other flags are given. */
  readonly setting: Challenge
  /** Whether the setting is the official one. */
  readonly official: boolean
  /** The limits of the challenges that are compared, by their ids; none where the setting is not theirs. */
  readonly limits: { readonly [challenge: string]: Limits }
  readonly contestants: ReadonlyArray<Contestant>
}

/** One strategy that takes part. */
export interface Contestant {
  /** The strategy's name, with the challenge's id before it where two have the same. */
  readonly name: string
  readonly plan: TestPlan
}

/**
 * All strategies of the challenge `id`, or of all challenges of a number: `3` are those of 3b to 3e. These run at the
 * setting of the first that has limits, or else of the last; what is made for one node alone is left out. A strategy
 * that several challenges share takes part once.
 */
export const make = Effect.fn("ComparisonPlan.make")(function* (
  { flags, id, seed }: { readonly id: string; readonly flags: TestFlags; readonly seed: number },
  challenges: ReadonlyArray<Challenge> = registered
) {
  const chosen = choose(challenges, id)
  const setting = chosen.find(({ limits }) => limits !== undefined) ?? chosen.at(-1)
  if (setting === undefined) {
    return yield* ChallengeLookup.nothingToCompare(id, challenges)
  }
  const options = testOptions(flags, setting.flags, seed)
  const problem = nemesisProblem(flags, options, false)
  if (problem !== undefined) {
    return yield* new CannotRun({ text: problem })
  }
  const untouched = Record.keys(testFlags).every((name) => !isGiven(flags[name]))
  const isOfficial = (challenge: Challenge) => untouched && Equal.equals(challenge.flags, setting.flags)
  const entries = distinct(chosen)
  const plan: ComparisonPlan = {
    setting,
    official: untouched,
    limits: Object.fromEntries(
      chosen.flatMap((challenge) =>
        challenge.limits !== undefined && isOfficial(challenge) ? [[challenge.id, challenge.limits]] : []
      )
    ),
    contestants: entries.map(({ challenge, strategy }) => ({
      name: entries.filter((other) => other.strategy === strategy).length > 1 ? `${challenge}/${strategy}` : strategy,
      plan: {
        challenge,
        workload: setting.workload,
        nodes: {
          kind: "layer",
          strategy,
          ...(Option.isSome(flags.durability) && { durability: flags.durability.value })
        },
        seed,
        options,
        limits: null,
        strict: flags.strict
      }
    }))
  }
  return plan
})

const isGiven = (flag: unknown): boolean => Option.isOption(flag) && Option.isSome(flag)

const choose = (challenges: ReadonlyArray<Challenge>, id: string): ReadonlyArray<Challenge> => {
  const exact = challenges.filter((challenge) => challenge.id === id)
  if (exact.length > 0) {
    return exact
  }
  const parts = challenges.filter((challenge) => /^\d+/.exec(challenge.id)?.[0] === id)
  const clusters = parts.filter(({ flags }) => flags.nodeCount > 1)
  return clusters.length > 0 ? clusters : parts
}

const distinct = (challenges: ReadonlyArray<Challenge>) => {
  const seen = new Set<NodeLayer>()
  return challenges.flatMap(({ id: challenge, strategies }) =>
    Record.toEntries(strategies).flatMap(([strategy, { layer }]) => {
      if (seen.has(layer)) {
        return []
      }
      seen.add(layer)
      return [{ challenge, strategy }]
    })
  )
}
