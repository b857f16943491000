/**
 * Seeds of a property that is looked for over many runs: all of them in the project `sweeps` (`npm run test:all`), the
 * first ten in `npm test`, or as many as `quick` says where a run takes long.
 */
export const sweep = (count: number, quick = 10): ReadonlyArray<string> =>
  Array.from({ length: process.env["SWEEP"] === "all" ? count : Math.min(count, quick) }, (_, index) =>
    String(index + 1)
  )
