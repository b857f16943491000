/**
 * Walks argv, for what effect/cli cannot do.
 *
 * effect/cli reads and checks the flags of every command. What is left for this module, as pure functions:
 *
 * - effect/cli takes a `1` or `true` that follows a switch for its value, and `-wecho` for five flags: {@link
 *   explicit}.
 * - effect/cli refuses a flag that is given twice, of which Maelstrom takes the last: {@link lastOfEach}.
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
 * The arguments with the values of switches written out, as in `--json=true` for `--json` and `--json=false` for
 * `--no-json`, so that what follows one is no part of it; and `-wecho`, as Maelstrom takes it, as `-w=echo`. To
 * effect/cli any other word with one dash is a flag for each of its letters: it gets two more, which makes it one
 * unknown flag.
 */
export const explicit = (args: Arguments): Arguments => {
  const end = args.includes("--") ? args.indexOf("--") : args.length
  return [...args.slice(0, end).map(withValue), ...args.slice(end)]
}

const withValue = (arg: string): string => {
  if (/^-[a-z][^=]/i.test(arg)) {
    return shortFlags.has(arg[1]!) ? `${arg.slice(0, 2)}=${arg.slice(2)}` : `--${arg}`
  }
  const turnedOff = arg.replace(/^--no-/, "--")
  if (switches.has(arg)) {
    return `${arg}=true`
  }
  return switches.has(turnedOff) ? `${turnedOff}=false` : arg
}

/**
 * Of each flag the last, as Maelstrom takes it, so that a command line may end with what is to be otherwise; effect/cli
 * refuses a second one. `args` are {@link explicit}. A flag that may be given many times stays as it is.
 */
export const lastOfEach = (args: Arguments): Arguments => {
  const { parts, trailing } = walk(args, (flag) => !everywhere.switches.includes(flag))
  const flags = parts.map(({ flag }) => (flag === "-w" ? "--workload" : flag))
  const kept = parts.filter((_, index) => {
    const flag = flags[index]
    return flag === undefined || repeatable.has(flag) || flags.lastIndexOf(flag) === index
  })
  return [...kept.flatMap(({ words }) => words), ...(trailing === undefined ? [] : ["--", ...trailing])]
}

/** The flags that are given once for each of something. */
const repeatable: ReadonlySet<string> = new Set(["--node", "-n"])

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

/** The values of each flag among arguments of Maelstrom, in their order; none for a switch. */
export const values = (args: Arguments): ReadonlyMap<string, ReadonlyArray<string>> => {
  const found = new Map<string, Array<string>>()
  for (const { flag, words } of walk(explicit(args), () => true).parts) {
    const [first = "", next] = words
    const value = first.includes("=") ? first.slice(first.indexOf("=") + 1) : next
    if (flag !== undefined && value !== undefined) {
      found.set(flag, [...(found.get(flag) ?? []), value])
    }
  }
  return found
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
    ..."--strict --json --log-stderr --log-net-send --log-net-recv".split(" "),
    ..."--no-ssh --strict-host-key-checking --leave-db-running --logging-json".split(" ")
  ])
}

/** The switches of all commands that are ours, each a switch wherever it is known. */
export const switches: ReadonlySet<string> = new Set(
  [...testFlags.switches, ...maelstromFlags.switches].filter((flag) => !everywhere.switches.includes(flag))
)

/** The short names of flags that a value follows. */
export const shortFlags: ReadonlySet<string> = new Set(["w", "n"])

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
