/**
 * Challenge: how it is run and measured, and the strategies that solve it.
 */
import type { NodeLayer } from "../services/NodeProgram.ts"
import type { Official } from "./Official.ts"

/** One way to solve a challenge. */
export interface Strategy {
  /** One sentence: what it does and what that costs. */
  readonly summary: string
  readonly layer: NodeLayer
  /** Whether what it has acknowledged is still there after a node has ended and started again with empty memory. */
  readonly survivesCrash?: true
}

/**
 * A challenge: its id and title, how it is run and measured officially, and the strategies that solve it. The first
 * strategy is the default.
 */
export interface Challenge extends Official {
  readonly id: string
  readonly title: string
  readonly strategies: { readonly [name: string]: Strategy }
}

/** The name of the strategy that is used when none is asked for. */
export const defaultStrategy = (challenge: Challenge): string => Object.keys(challenge.strategies)[0]!

/** A challenge's strategy of this name, or else its default; undefined if it has none of that name. */
export const findStrategy = (challenge: Challenge, name: string = defaultStrategy(challenge)): Strategy | undefined =>
  Object.hasOwn(challenge.strategies, name) ? challenge.strategies[name] : undefined
