/**
 * Seeds of a property that is looked for over many runs: all of them in the project `sweeps` (`npm run test:all`), the
 * first ten in `npm test`.
 */
export const sweep = (count: number): ReadonlyArray<string> =>
  Array.from({ length: process.env["SWEEP"] === "all" ? count : Math.min(count, 10) }, (_, index) => String(index + 1))
