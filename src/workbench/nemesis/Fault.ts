/**
 * A fault that can be started and stopped.
 */
import type { Effect } from "effect"

/**
 * A step of the nemesis: what it is asked to do, as the history has it, and doing it, which tells what was done: a
 * probability, or the word for it and to whom (`["paused", ["n1"]]`, or an object by node), as explanations say it of
 * those nodes, see `FaultsInForce`.
 */
export interface Action<E> {
  readonly value: unknown
  readonly perform: Effect.Effect<unknown, E>
}

/** What the nemesis starts and stops in turn, over and over; or once, at some time, if it never stops. */
export interface Fault<E = never> {
  /** The history has it as `start-` and `stop-` this name. */
  readonly name: string

  /** Draws how it is to begin. */
  start(): Action<E>

  /** Ends all that it began. It may be asked to when nothing is wrong. A fault that stays to the end has none. */
  stop?(): Action<E>
}
