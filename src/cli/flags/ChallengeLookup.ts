/**
 * Looks up the challenge and the strategy that a command line names, or says which there are.
 */
import { Effect } from "effect"
import { type Challenge, defaultStrategy, findStrategy, type Strategy } from "../../challenges/Challenge.ts"
import { ids, find } from "../../challenges/registry.ts"
import { CannotRun } from "../process/CannotRun.ts"

/** The ids that a command takes where it also takes `all`, for people. */
export const idsOrAll = (): string => ["all", ...ids].join(", ")

/** Nothing was named where a challenge or `all` is needed. */
export const missing = new CannotRun({ text: `expected a challenge, one of: ${idsOrAll()}` })

/** There is no challenge of this id. */
const unknown = (id: string): CannotRun =>
  new CannotRun({ text: `there is no challenge ${id}, expected one of: ${idsOrAll()}` })

/** There is neither a challenge of this id nor one of this number among those that could be compared. */
export const nothingToCompare = (id: string, challenges: ReadonlyArray<Challenge>): CannotRun => {
  const known = challenges.map((challenge) => challenge.id).join(", ")
  return new CannotRun({
    text: `there is nothing to compare for ${id}, expected one of: ${known}, or a number of these`
  })
}

/** A flag was given that is for one challenge, with `all`. */
export const notForAll = (flag: string): CannotRun => new CannotRun({ text: `${flag} needs one challenge, got all` })

/** Our challenge of this id; fails with {@link unknown}, or with {@link missing} where there is no id. */
export const challenge = Effect.fnUntraced(function* (id: string | null) {
  if (id === null) {
    return yield* missing
  }
  const found = find(id)
  return found === undefined ? yield* unknown(id) : found
})

/** The strategy of this name, or else the default one; fails with `CannotRun` and the names that there are. */
export const strategy: (
  challenge: Challenge,
  name: string | undefined
) => Effect.Effect<Strategy & { readonly name: string }, CannotRun> = Effect.fnUntraced(function* (
  challenge,
  name = defaultStrategy(challenge)
) {
  const found = findStrategy(challenge, name)
  if (found === undefined) {
    const names = Object.keys(challenge.strategies).join(", ")
    return yield* new CannotRun({
      text: `challenge ${challenge.id} has no strategy ${name}, expected one of: ${names}`
    })
  }
  return { ...found, name }
})
