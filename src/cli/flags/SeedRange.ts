/**
 * Parses a range of seeds, such as `1..100`.
 */
import { Option } from "effect"

/** The first and the last seed of a range. */
export interface SeedRange {
  readonly first: number
  readonly last: number
}

/** Reads `a..b`, with a at most b. */
export const parse = (text: string): Option.Option<SeedRange> => {
  const match = /^(\d+)\.\.(\d+)$/.exec(text)
  const range = { first: Number(match?.[1]), last: Number(match?.[2]) }
  return range.first <= range.last && Number.isSafeInteger(range.last) ? Option.some(range) : Option.none()
}

/** The seeds of a range in order. */
export const seeds = ({ first, last }: SeedRange): ReadonlyArray<number> =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index)
