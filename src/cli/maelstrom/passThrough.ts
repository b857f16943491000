/**
 * Telling Maelstrom's flags from ours.
 */

/**
 * The arguments of `glomers`, for its parser. Where they run Maelstrom, all that follows the challenge and is no flag of
 * ours is put behind `--`, so that Maelstrom can be given flags that we know nothing of.
 */
export const passThrough = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const [command, ...rest] = args
  if (command !== "maelstrom") {
    return args
  }
  const end = rest.includes("--") ? rest.indexOf("--") : rest.length
  const ours: Array<string> = []
  const others: Array<string> = []
  let hasChallenge = false
  for (let i = 0; i < end; i++) {
    const arg = rest[i] ?? ""
    if (withValue.has(arg)) {
      ours.push(...rest.slice(i, Math.min(i + 2, end)))
      i++
    } else if (isOurs(arg) || !hasChallenge) {
      ours.push(arg)
      hasChallenge ||= !arg.startsWith("-")
    } else {
      others.push(arg)
    }
  }
  return [command, ...ours, "--", ...others, ...rest.slice(end + 1)]
}

/** Our flags that a value follows, those that every command has among them. */
const withValue: ReadonlySet<string> = new Set(["--strategy", "--out", "--completions", "--log-level"])

const alone: ReadonlySet<string> = new Set(["--json", "--verbose", "--help", "-h", "--version", "--wizard"])

const isOurs = (arg: string): boolean => {
  const [name = ""] = arg.split("=", 1)
  return withValue.has(name) || alone.has(name) || alone.has(name.replace(/^--no-/, "--"))
}
