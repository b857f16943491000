/**
 * Finds the flag that somebody meant who mistyped it.
 */
import { Order } from "effect"

/**
 * The known name with the fewest letters to change, if they are few enough for it to be what was meant; dashes do not
 * count.
 */
export const nearest = (given: string, known: ReadonlyArray<string>): string | undefined =>
  known
    .map((name) => ({ name, distance: editDistance(bare(given), bare(name)) }))
    .filter(({ distance }) => distance <= Math.ceil(bare(given).length / 3))
    .toSorted(Order.mapInput(Order.Number, ({ distance }) => distance))[0]?.name

const bare = (flag: string): string => flag.replaceAll("-", "")

/** How many letters have to be put in, taken out or replaced to make one text of the other (Levenshtein 1966). */
const editDistance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, count) => count)
  for (const [place, letter] of [...from].entries()) {
    const next = [place + 1]
    for (let i = 0; i < to.length; i++) {
      next.push(Math.min(next[i]! + 1, row[i + 1]! + 1, row[i]! + (to[i] === letter ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1)!
}
