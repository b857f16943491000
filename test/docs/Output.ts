/**
 * What a page shows of a program's output, against what the program prints.
 */

/**
 * Whether a line that a page shows is among those that were printed. Words have to be the same, numbers nearly so: a
 * page need not change with every message more or less, but it does with what a reader would be misled by.
 */
export const isPrinted = (line: string, printed: string): boolean => {
  const expected = words(line)
  return printed.split("\n").some((candidate) => {
    const actual = words(candidate)
    return actual.length === expected.length && actual.every((word, index) => isLike(word, expected[index]!))
  })
}

const words = (line: string): ReadonlyArray<string> => line.trim().split(/\s+/)

const isLike = (actual: string, expected: string): boolean =>
  actual === expected || Math.abs(Number(actual) - Number(expected)) <= tolerance(expected)

/** A twentieth, or a twentieth of a message where there are few. */
const tolerance = (expected: string): number => Math.max(0.05, Number(expected) / 20)
