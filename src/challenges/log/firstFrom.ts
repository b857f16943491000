/**
 * Binary search for a place in a log.
 */

/**
 * The index of the first entry that is not before `place`, of entries that are sorted by theirs; their number if none.
 */
export const firstFrom = (
  entries: ReadonlyArray<readonly [place: number, ...rest: ReadonlyArray<unknown>]>,
  place: number
): number => {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (entries[middle]![0] < place) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}
