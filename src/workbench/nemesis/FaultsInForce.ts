/**
 * Faults in force: what the nemesis had done to which nodes, and from when to when, as a history tells it.
 *
 * What a fault says of itself is the value of its entry: `["paused", ["n1"]]`, what was done and to whom. So histories
 * that were saved, and those of Maelstrom, tell it as well, and a new kind of fault needs nothing here.
 */
import { Predicate, Schema } from "effect"
import type { History, Operation } from "../history/Operation.ts"
import type { Grudge } from "./Partition.ts"

/**
 * A fault while it lasted.
 *
 * - `name`: its kind, as the history has it behind `start-`.
 * - `description`: what was wrong, in words, as far as it concerns some nodes.
 * - `nodes`: whom it struck; nobody in particular where it was the network as a whole.
 * - `from`, `to`: nanoseconds of the history's time, from when it was begun until it was over. Without `to` it never
 *   was.
 */
export const FaultInForce = Schema.Struct({
  name: Schema.String,
  description: Schema.String,
  nodes: Schema.Array(Schema.String),
  from: Schema.Number,
  to: Schema.optionalKey(Schema.Number)
})
export interface FaultInForce extends Schema.Schema.Type<typeof FaultInForce> {}

/** Some time of a test, and the nodes that are looked at. */
export interface Span {
  readonly from: number
  readonly to: number
  readonly nodes: ReadonlySet<string>
}

/** The faults of a history, of which those in force at some time can be told, in the order in which they began. */
export const make = (history: History): ((span: Span) => ReadonlyArray<FaultInForce>) => {
  const all = periods(history)
  return ({ from, nodes, to }) =>
    all
      .filter((fault) => fault.from <= to && (fault.to ?? Number.POSITIVE_INFINITY) >= from)
      .map((fault) => inWords(fault, nodes))
}

const inWords = ({ struck, ...fault }: Period, nodes: ReadonlySet<string>): FaultInForce => ({
  ...fault,
  description: describe(fault.name, struck, nodes)
})

interface Period extends Omit<FaultInForce, "description"> {
  /** What the fault says of itself. */
  readonly struck: unknown
}

const periods = (history: History): ReadonlyArray<Period> => {
  const found: Array<Period> = []
  const asked = new Map<string, Operation>()
  const current = new Map<string, number>()
  for (const entry of history) {
    const [, direction, name] = (entry.process === "nemesis" && /^(start|stop)-(.+)$/.exec(entry.f)) || []
    if (name === undefined) {
      continue
    }
    // Each action has two entries, what the fault is asked to do and what it has done; but for one that was
    // interrupted.
    const asking = asked.get(entry.f)
    if (asking === undefined || isAsking(entry)) {
      asked.set(entry.f, entry)
      continue
    }
    asked.delete(entry.f)
    const index = current.get(name)
    if (direction === "stop" && index !== undefined) {
      found[index] = { ...found[index]!, to: entry.time }
      current.delete(name)
    } else if (direction === "start" && index === undefined && isStrike(entry.value)) {
      current.set(name, found.length)
      found.push({ name, struck: entry.value, nodes: nodesOf(entry.value), from: asking.time })
    }
  }
  return found
}

const isAsking = ({ f, value }: Operation): boolean =>
  Predicate.isNullish(value) || (f.startsWith("start-") && Predicate.isString(value))

/**
 * Whether the value of a fault's entry says that anything was struck: a partition of few nodes may cut no link, and no
 * node may have been left to crash.
 */
export const isStrike = (value: unknown): boolean => Predicate.isNumber(value) || nodesOf(value).length > 0

const nodesOf = (value: unknown): ReadonlyArray<string> => {
  const whom: unknown = Array.isArray(value) ? value[1] : undefined
  if (Array.isArray(whom)) {
    return whom.map(String)
  }
  if (!Predicate.isObject(whom)) {
    return []
  }
  const struck = new Set<string>()
  for (const [node, of] of Object.entries(whom)) {
    const others: ReadonlyArray<unknown> | undefined = Array.isArray(of) ? of : undefined
    for (const name of others?.length === 0 ? [] : [node, ...(others ?? [])]) {
      struck.add(String(name))
    }
  }
  return [...struck].toSorted()
}

const describe = (name: string, struck: unknown, nodes: ReadonlySet<string>): string => {
  if (Predicate.isNumber(struck)) {
    return `${ofNetwork[name] ?? `${name} was in force`} with probability ${struck}`
  }
  const [done, whom] = struck as readonly [unknown, unknown]
  return done === "isolated" && Predicate.isObject(whom)
    ? cutOff(whom as Grudge, nodes)
    : `${list(nodesOf(struck))} ${done === "crashed" ? "had" : nodesOf(struck).length === 1 ? "was" : "were"} ${String(done)}`
}

const ofNetwork: { readonly [name: string]: string } = {
  loss: "messages between servers were lost",
  duplicate: "messages between servers arrived twice"
}

/** Who was cut off from whom, of the links that concern `nodes` if there are any. */
const cutOff = (grudge: Grudge, nodes: ReadonlySet<string>): string => {
  const links = Object.entries(grudge).flatMap(([dest, sources]) => sources.map((src): Link => [dest, src]))
  const shown =
    [
      links.filter(([dest, src]) => nodes.has(dest) && nodes.has(src)),
      links.filter(([dest, src]) => nodes.has(dest) || nodes.has(src))
    ].find((some) => some.length > 0) ?? links
  const cut = new Set(shown.map((link) => link.join(" ")))
  const isMutual = ([dest, src]: Link) => cut.has(`${src} ${dest}`)
  return [
    ...sentences(shown.filter(isMutual), "cut off from", true),
    ...sentences(
      shown.filter((link) => !isMutual(link)),
      "deaf to",
      false
    )
  ].join("; ")
}

/** A node, and one that it gets nothing from. */
type Link = readonly [dest: string, src: string]

/** Links in words, the nodes with the same others together; where links are mutual, each in one direction alone. */
const sentences = (links: ReadonlyArray<Link>, how: string, mutual: boolean): ReadonlyArray<string> => {
  const others = Map.groupBy(links, ([dest]) => dest)
  const alike = Map.groupBy(others.keys(), (dest) => list(others.get(dest)!.map(([, src]) => src)))
  const said = new Set<string>()
  return [...alike.values()]
    .toSorted((a, b) => a.length - b.length)
    .flatMap((dests) => {
      const sources = others.get(dests[0]!)!.map(([, src]) => src)
      const left = sources.filter((src) => !mutual || dests.some((dest) => !said.has(`${src} ${dest}`)))
      for (const dest of dests) {
        for (const src of left) {
          said.add(`${dest} ${src}`)
        }
      }
      return left.length === 0 ? [] : [`${list(dests)} ${dests.length === 1 ? "was" : "were"} ${how} ${list(left)}`]
    })
}

/** `n0`, `n0 and n1`, `n0, n1 and n2` */
const list = (names: ReadonlyArray<string>): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`
