import { Schema } from "effect"
import * as Draw from "../../../src/workbench/simulation/Draw.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"
import type { History, Operation } from "../../../src/workbench/history/Operation.ts"

/** What happens next at a node: it runs a transaction of its client, or hears of something that another node wrote. */
export const CausalSteps = Schema.Array(
  Schema.Struct({
    node: Schema.Literals([0, 1, 2]),
    hears: Schema.Boolean,
    choice: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 })),
    microOperations: Schema.Array(
      Schema.Struct({ kind: Schema.Literals(["r", "w"]), key: Schema.Literals(["a", "b", "c"]) })
    ).check(Schema.isMinLength(1), Schema.isMaxLength(4))
  })
)

interface CausalStep extends Pick<(typeof CausalSteps.Type)[number], "node" | "hears" | "choice"> {
  readonly microOperations: ReadonlyArray<{ readonly kind: "r" | "w"; readonly key: string }>
}

/**
 * Many steps at random, of more keys than by {@link CausalSteps}. A share of `hearing` keeps replicas some updates
 * behind: less, and they hear of nothing recent; more, and of everything at once.
 */
export const longRun = (seed: string, length: number, hearing = 0.6): ReadonlyArray<CausalStep> => {
  const random = Seeds.random(seed, "steps")
  return Array.from({ length }, (_, index) => ({
    node: Draw.pick(random, [0, 1, 2] as const),
    hears: random.nextDoubleUnsafe() < hearing,
    choice: Draw.integerBelow(random, 20),
    microOperations: Array.from({ length: 1 + Draw.integerBelow(random, 4) }, () => ({
      kind: Draw.pick(random, ["r", "w"] as const),
      // Keys come and go, so that there are always some that are null.
      key: `${Math.floor(index / 40)}${Draw.pick(random, ["a", "b", "c"] as const)}`
    }))
  }))
}

interface Update {
  readonly at: readonly [count: number, node: number]
  readonly writes: ReadonlyMap<string, number>
  /** The updates that its node knew. */
  readonly causes: ReadonlySet<Update>
}

interface Replica {
  readonly values: Map<string, { readonly value: number; readonly at: Update["at"] }>
  readonly known: Set<Update>
}

/**
 * The history of one client each of three replicas, where an update is heard of after its causes, and the last one
 * wins. With `whole` an update has all that a transaction wrote, otherwise one write. Without `ordered` causes do not
 * matter.
 */
export const causalRuns = (
  steps: ReadonlyArray<CausalStep>,
  { ordered = true, whole = true }: { readonly ordered?: boolean; readonly whole?: boolean } = {}
): History => {
  const replicas = [0, 1, 2].map((): Replica => ({ values: new Map(), known: new Set() }))
  const updates: Array<Update> = []
  const history: Array<Operation> = []
  let written = 0

  const apply = ({ known, values }: Replica, update: Update) => {
    known.add(update)
    for (const [key, value] of update.writes) {
      const current = values.get(key)
      if (current === undefined || isBefore(current.at, update.at)) {
        values.set(key, { value, at: update.at })
      }
    }
  }
  const publish = (node: number, writes: ReadonlyMap<string, number>) => {
    const replica = replicas[node]!
    const count = 1 + Math.max(0, ...[...replica.known].map(({ at }) => at[0]))
    const update: Update = { at: [count, node], writes, causes: new Set(replica.known) }
    updates.push(update)
    apply(replica, update)
  }

  for (const { choice, hears, microOperations, node } of steps) {
    const replica = replicas[node]!
    if (hears) {
      const unheard = updates.filter(
        (update) =>
          !replica.known.has(update) && (!ordered || [...update.causes].every((cause) => replica.known.has(cause)))
      )
      const update = unheard[choice % unheard.length]
      if (update !== undefined) {
        apply(replica, update)
      }
      continue
    }
    const asked = microOperations.map(({ kind, key }) => [kind, key, kind === "w" ? ++written : null] as const)
    const own = new Map<string, number>()
    const done = asked.map(([kind, key, value]) => {
      if (value !== null) {
        own.set(key, value)
      }
      return [kind, key, value ?? own.get(key) ?? replica.values.get(key)?.value ?? null] as const
    })
    for (const [type, value] of [
      ["invoke", asked],
      ["ok", done]
    ] as const) {
      history.push({ index: history.length, time: history.length, type, process: node, f: "txn", value })
    }
    if (whole && own.size > 0) {
      publish(node, own)
    } else {
      for (const write of own) {
        publish(node, new Map([write]))
      }
    }
  }
  return history
}

const isBefore = (left: Update["at"], right: Update["at"]): boolean =>
  left[0] < right[0] || (left[0] === right[0] && left[1] < right[1])
