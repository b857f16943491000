/**
 * Walks argv, for what effect/cli cannot do.
 *
 * effect/cli reads and checks the flags of every command. What is left for this module, as pure functions:
 *
 * - `glomers maelstrom` takes any flag of Maelstrom, but effect/cli refuses a flag that it does not know:
 *   {@link passThrough}.
 * - effect/cli appends what follows `--` to the arguments before it, and does not say where it began: {@link operands}.
 * - A run among many is repeated by the command line as it was given, but for its seed. effect/cli hands out values,
 *   which cannot be turned back into a command line: {@link replay}.
 * - A node must not load effect/cli, which would take longer to start than the node itself: {@link plainNode}.
 * - Some flags of Maelstrom are for the challenge to decide, and others change what its limits are set for:
 *   {@link given}.
 * - How an interrupted command ends is decided outside it, also where nothing has been parsed yet: {@link isNode}.
 *
 * Nothing here imports effect/cli, and so the names of flags are repeated; a test compares them with the parameters.
 */

/** The program's arguments, without those of Node itself. */
export type Arguments = ReadonlyArray<string>

/** Whether the command is `node`, in whatever form. */
export const isNode = ([command]: Arguments): boolean => command === "node"

/**
 * The challenge and strategy of `node <challenge> [--strategy <strategy>]`, which is what a test starts dozens of at
 * once. undefined for every other form, valid or not, which is for effect/cli to read.
 */
export const plainNode = (
  args: Arguments
): { readonly challenge: string; readonly strategy: string | undefined } | undefined => {
  const [, challenge, flag, strategy, ...rest] = args
  return isNode(args) &&
    challenge !== undefined &&
    rest.length === 0 &&
    (flag === undefined || (flag === "--strategy" && strategy !== undefined))
    ? { challenge, strategy }
    : undefined
}

/**
 * Splits the positional arguments that effect/cli found into those before `--` and, as `trailing`, those behind it.
 */
export const operands = (
  args: Arguments,
  positional: ReadonlyArray<string>
): { readonly operands: ReadonlyArray<string>; readonly trailing: ReadonlyArray<string> } => {
  const { trailing = [] } = walk(args, () => false)
  return { operands: positional.slice(0, positional.length - trailing.length), trailing }
}

/**
 * The arguments that effect/cli is to parse. Where they run Maelstrom, all that follows the challenge and is no flag of
 * ours is put behind `--`, so that Maelstrom can be given flags that we know nothing of.
 */
export const passThrough = (args: Arguments): Arguments => {
  const [command, ...rest] = args
  if (command !== "maelstrom") {
    return args
  }
  const { parts, trailing = [] } = walk(rest, (flag) => maelstromFlags.withValue.has(flag))
  const challenge = parts.findIndex(({ flag }) => flag === undefined)
  // What stands before the challenge is for effect/cli to refuse.
  const isOurs = ({ flag }: Part, index: number) =>
    challenge === -1 || index <= challenge || (flag !== undefined && isAmong(flag, maelstromFlags))
  return [
    command,
    ...parts.filter(isOurs).flatMap(({ words }) => words),
    "--",
    ...parts.filter((part, index) => !isOurs(part, index)).flatMap(({ words }) => words),
    ...trailing
  ]
}

/**
 * The arguments of a `test` with `--seeds`, changed to those of one of its runs: its seed in place of the range, its
 * challenge in place of `all`, and without `--json`, since whoever repeats a run wants to look at it.
 */
export const replay = (args: Arguments, challenge: string | null, seed: number): Arguments => {
  const { parts, trailing } = walk(args, (flag) => !isSwitch(flag, testFlags))
  const own = parts.flatMap(({ flag, words }) => {
    switch (flag) {
      case "--seeds":
        return ["--seed", String(seed)]
      case "--json":
        return []
      case undefined:
        return words.map((word) => (word === "all" ? (challenge ?? word) : word))
      default:
        return words
    }
  })
  return trailing === undefined ? own : [...own, "--", ...trailing]
}

/** The first flag in `args` that has one of these names: `--rate` of `--rate=5`, `-w` of `-wecho`. */
export const given = (args: Arguments, names: ReadonlySet<string>): string | undefined =>
  args
    .map((arg) => (arg.startsWith("--") ? (arg.split("=", 1)[0] ?? arg) : arg.slice(0, 2)))
    .find((name) => names.has(name))

/** Arguments as a shell takes them. */
export const quoted = (args: Arguments): string =>
  args.map((arg) => (/^[\w./,:=@%+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`)).join(" ")

/** The flags that a command knows, by whether a value follows them. */
interface KnownFlags {
  readonly withValue: ReadonlySet<string>
  readonly switches: ReadonlySet<string>
}

/** What every command has from effect/cli. */
const everywhere = {
  withValue: ["--completions", "--log-level"],
  switches: ["--help", "-h", "--version", "--wizard"]
}

/** The flags of `glomers maelstrom` that are ours. */
export const maelstromFlags: KnownFlags = {
  withValue: new Set([...everywhere.withValue, "--strategy", "--out"]),
  switches: new Set([...everywhere.switches, "--json", "--verbose"])
}

/** The flags of `glomers test` that no value follows. */
export const testFlags: Pick<KnownFlags, "switches"> = {
  switches: new Set([
    ...everywhere.switches,
    ..."--strict --json --log-stderr --log-net-send --log-net-recv".split(" ")
  ])
}

const isSwitch = (flag: string, { switches }: Pick<KnownFlags, "switches">): boolean =>
  switches.has(flag) || switches.has(flag.replace(/^--no-/, "--"))

const isAmong = (flag: string, flags: KnownFlags): boolean => flags.withValue.has(flag) || isSwitch(flag, flags)

/** A word, or a flag with its value. */
interface Part {
  /** The flag's name with its dashes; undefined for a word that belongs to no flag. */
  readonly flag: string | undefined
  readonly words: ReadonlyArray<string>
}

interface Walk {
  readonly parts: ReadonlyArray<Part>
  /** What follows `--`; undefined where there is no `--`. */
  readonly trailing: ReadonlyArray<string> | undefined
}

const walk = (args: Arguments, takesValue: (flag: string) => boolean): Walk => {
  const end = args.includes("--") ? args.indexOf("--") : args.length
  const parts: Array<Part> = []
  for (let i = 0; i < end; i += parts.at(-1)!.words.length) {
    const word = args[i]!
    const [name] = word.split("=", 1)
    const flag = word.startsWith("-") ? name : undefined
    const length = flag === word && takesValue(flag) ? 2 : 1
    parts.push({ flag, words: args.slice(i, Math.min(i + length, end)) })
  }
  return { parts, trailing: end < args.length ? args.slice(end + 1) : undefined }
}
