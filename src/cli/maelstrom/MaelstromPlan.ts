/**
 * Plans runs of Maelstrom: which challenges, with which of our strategies and which of its flags.
 */
import { Effect } from "effect"
import { type Challenge, defaultStrategy } from "../../challenges/Challenge.ts"
import { flagArguments } from "../../challenges/Official.ts"
import type { Limits } from "../../workbench/run/Limits.ts"
import { challenges } from "../../challenges/registry.ts"
import * as ChallengeLookup from "../flags/ChallengeLookup.ts"
import * as Arguments from "../process/Arguments.ts"
import { CannotRun } from "../process/CannotRun.ts"

/** One run of Maelstrom. */
export interface MaelstromPlan {
  readonly challenge: Challenge
  readonly strategy: string
  /** The official limits; undefined where there are none, or where the run is not the official one. */
  readonly limits: Limits | undefined
  /** Flags of Maelstrom that override the official ones. */
  readonly flags: ReadonlyArray<string>
}

/** What was asked for. */
export interface Request {
  /** An id, or `all`. */
  readonly challenge: string | undefined
  readonly strategy: string | undefined
  readonly flags: ReadonlyArray<string>
}

/** The runs that a request asks for; `CannotRun` says what is wrong with it. */
export const plans = Effect.fn("MaelstromPlan.plans")(function* ({ challenge: id, flags, strategy }: Request) {
  if (id === undefined) {
    return yield* ChallengeLookup.missing
  }
  const [first] = flags
  if (first !== undefined && !first.startsWith("-")) {
    return yield* cannotRun(`expected one challenge, got: ${id}, ${first}`)
  }
  const fixed = Arguments.given(flags, decided)
  if (fixed !== undefined) {
    return yield* cannotRun(`${fixed} is for the challenge to decide; run Maelstrom itself to test something else`)
  }
  if (id === "all") {
    if (strategy !== undefined) {
      return yield* ChallengeLookup.notForAll("--strategy")
    }
    return challenges.map((challenge) => plan(challenge, defaultStrategy(challenge), flags))
  }
  const challenge = yield* ChallengeLookup.challenge(id)
  const { name } = yield* ChallengeLookup.strategy(challenge, strategy)
  return [plan(challenge, name, flags)]
})

/** The arguments of Maelstrom, where `bin` is the program that is one of our nodes when told so. */
export const commandLine = ({ challenge, flags, strategy }: MaelstromPlan, bin: string): ReadonlyArray<string> => [
  "test",
  "-w",
  challenge.workload,
  "--bin",
  bin,
  // Of a flag that is given twice, Maelstrom takes the last.
  ...flagArguments(challenge.flags),
  ...flags,
  "--",
  "node",
  challenge.id,
  "--strategy",
  strategy
]

const plan = (challenge: Challenge, strategy: string, flags: ReadonlyArray<string>): MaelstromPlan => ({
  challenge,
  strategy,
  flags,
  limits: Arguments.given(flags, ofLoad) === undefined ? challenge.limits : undefined
})

const decided: ReadonlySet<string> = new Set(["--workload", "-w", "--bin"])

/** The flags that change the load and the network, which the limits are set for. */
const ofLoad: ReadonlySet<string> = new Set(
  "--node-count --nodes --nodes-file --node -n --concurrency --rate --latency --latency-dist --nemesis".split(" ")
)

const cannotRun = (text: string) => new CannotRun({ text })
