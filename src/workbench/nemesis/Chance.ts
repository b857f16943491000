/**
 * Random choices from a source that is passed in, so that they depend on nothing else.
 */
import type { Random } from "effect"

/** An integer from 0 to `count - 1`, each as likely as the others. */
export const below = (random: Random.Random, count: number): number => Math.floor(random.nextDoubleUnsafe() * count)

/** One of some values, each as likely as the others. */
export const pick = <A>(random: Random.Random, values: ReadonlyArray<A>): A => values[below(random, values.length)]!

/** The values in an order that is as likely as any other. */
export const shuffle = <A>(random: Random.Random, values: ReadonlyArray<A>): Array<A> => {
  const shuffled = [...values]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = below(random, last + 1)
    ;[shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!]
  }
  return shuffled
}
