/**
 * The command line that runs one test of many again.
 */
import { Path } from "effect"

/**
 * The arguments of a `test` command with `--seeds`, changed to those of one run: its seed in place of the range, and its
 * challenge in place of `all`.
 */
export const replayArguments = (
  args: ReadonlyArray<string>,
  challenge: string | null,
  seed: number
): ReadonlyArray<string> => {
  const end = args.includes("--") ? args.indexOf("--") : args.length
  const own = args.slice(0, end).flatMap((arg, index) => {
    if (args[index - 1] === "--seeds") {
      return [String(seed)]
    }
    if (arg === "--seeds") {
      return ["--seed"]
    }
    if (arg.startsWith("--seeds=")) {
      return ["--seed", String(seed)]
    }
    return arg === "all" && !args[index - 1]?.startsWith("-") ? [challenge ?? arg] : [arg]
  })
  return [...own.filter((arg) => arg !== "--json"), ...args.slice(end)]
}

/** Arguments as a shell takes them. */
export const quoted = (args: ReadonlyArray<string>): string =>
  args.map((arg) => (/^[\w./,:=@%+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`)).join(" ")

/** How this program is started, from where it is started now. */
export const program = (path: Path.Path): ReadonlyArray<string> => {
  const entry = process.argv[1] ?? "glomers"
  return path.extname(entry) === "" ? [path.basename(entry)] : ["node", path.relative(process.cwd(), entry)]
}
