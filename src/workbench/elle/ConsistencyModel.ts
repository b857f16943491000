/**
 * Consistency models of transactions: which are stronger than which, and what each forbids.
 *
 * The models, their relations and their aliases are those of Elle (see https://jepsen.io/consistency), under Adya's
 * names where these exist (`PL-2` for read committed). What Elle cannot tell from anomalies is not forbidden here
 * either: `causal`, `sequential` and `linearizable` forbid nothing, `causal-cerone` only inconsistent transactions
 * and aborted reads.
 */
import { closure, generalizations, reversed, specialCases } from "./Anomaly.ts"

/** Whether there is a consistency model, or an alias of one, of this name. */
export const isConsistencyModel = (name: string): boolean => consistencyModels.has(name)

/**
 * The anomalies that a history must not show if it is to satisfy all of the given models.
 *
 * A name that is none of a model is a `RangeError`, since a model that forbids nothing would hide every bug.
 */
export const forbiddenAnomalies = (models: Iterable<string>): ReadonlySet<string> => {
  const implied = closure(Array.from(models, knownModel), (model) => weakerModels[model] ?? [])
  return specialCases(Array.from(implied).flatMap((model) => forbidden[model] ?? []))
}

/** The models (by canonical names) that a history with the given anomalies cannot satisfy. */
export const impossibleModels = (anomalies: Iterable<string>): ReadonlySet<string> =>
  strongerModels(Array.from(generalizations(anomalies)).flatMap((anomaly) => forbiddenBy.get(anomaly) ?? []))

/** The given models (by canonical names) and all that imply one of them. */
export const strongerModels = (models: Iterable<string>): ReadonlySet<string> =>
  closure(models, (model) => strongerThan.get(model) ?? [])

/** What a history is not: the weakest models that its anomalies rule out, and the others ruled out by these. */
export interface Boundary {
  readonly not: ReadonlyArray<string>
  readonly alsoNot: ReadonlyArray<string>
}

/** The boundary that some anomalies draw, in friendly names. */
export const boundary = (anomalies: Iterable<string>): Boundary => {
  const impossible = impossibleModels(anomalies)
  const isWeakest = (model: string) =>
    [...closure([model], (stronger) => weakerModels[stronger] ?? [])].every(
      (weaker) => weaker === model || !impossible.has(weaker)
    )
  const [alsoNot, not] = [...impossible].reduce<[Array<string>, Array<string>]>(
    (parts, model) => {
      parts[isWeakest(model) ? 1 : 0].push(friendlyName(model))
      return parts
    },
    [[], []]
  )
  return { not: not.toSorted(), alsoNot: alsoNot.toSorted() }
}

const knownModel = (model: string): string => {
  if (!isConsistencyModel(model)) {
    throw new RangeError(`${model} is no consistency model; there are ${[...consistencyModels].toSorted().join(", ")}`)
  }
  return canonicalName(model)
}

const canonicalName = (model: string): string => aliases[model] ?? model

/** The best known name of a model, from its canonical one. */
export const friendlyName = (model: string): string => friendlyNames.get(model) ?? model

const aliases: { readonly [alias: string]: string } = {
  "consistent-view": "PL-2+",
  "conflict-serializable": "PL-3",
  "cursor-stability": "PL-CS",
  "forward-consistent-view": "PL-FCV",
  "monotonic-snapshot-read": "PL-MSR",
  "monotonic-view": "PL-2L",
  "read-committed": "PL-2",
  "read-uncommitted": "PL-1",
  "repeatable-read": "PL-2.99",
  serializable: "PL-3",
  "snapshot-isolation": "PL-SI",
  "strict-serializable": "PL-SS",
  "strong-serializable": "PL-SS",
  "update-serializable": "PL-3U",
  "strong-session-read-uncommitted": "strong-session-PL-1",
  "strong-session-read-committed": "strong-session-PL-2",
  "strong-read-uncommitted": "strong-PL-1",
  "strong-read-committed": "strong-PL-2"
}

// The last of several aliases counts, which gives Elle's choices.
const friendlyNames: ReadonlyMap<string, string> = new Map(
  Object.entries(aliases).map(([alias, model]) => [model, alias])
)

const weakerModels: { readonly [model: string]: ReadonlyArray<string> } = {
  "causal-cerone": ["read-atomic"],
  "PL-2+": ["PL-CS", "PL-2L"],
  "PL-CS": ["PL-2"],
  "PL-FCV": ["PL-2+"],
  "PL-2": ["PL-1"],
  "PL-3": ["view-serializable", "PL-2.99", "PL-3U", "PL-SI"],
  "PL-3U": ["PL-FCV"],
  "monotonic-atomic-view": ["PL-2"],
  "PL-2L": ["PL-2"],
  "PL-MSR": ["PL-2"],
  "parallel-snapshot-isolation": ["causal-cerone", "update-atomic"],
  prefix: ["causal-cerone"],
  "read-atomic": ["monotonic-atomic-view"],
  "PL-2.99": ["PL-CS", "monotonic-atomic-view"],
  "update-atomic": ["read-atomic"],
  "session-serializable": ["1SR"],
  "PL-SI": ["PL-FCV", "monotonic-atomic-view", "PL-MSR", "parallel-snapshot-isolation", "prefix"],
  "PL-SS": [
    "PL-3",
    "linearizable",
    "PL-SI",
    "strong-snapshot-isolation",
    "strong-session-serializable",
    "session-serializable"
  ],
  "strong-session-PL-1": ["PL-1"],
  "strong-session-PL-2": ["PL-2", "strong-session-PL-1"],
  "strong-PL-1": ["strong-session-PL-1"],
  "strong-PL-2": ["strong-session-PL-2", "strong-PL-1"],
  "strong-session-serializable": ["PL-3", "strong-session-snapshot-isolation"],
  "strong-session-snapshot-isolation": ["PL-SI", "strong-session-PL-2"],
  "strong-snapshot-isolation": ["strong-session-snapshot-isolation", "strong-PL-2"],
  linearizable: ["sequential"],
  sequential: ["causal"],
  causal: ["writes-follow-reads", "PRAM"],
  PRAM: ["monotonic-reads", "monotonic-writes", "read-your-writes"]
}

// What each model forbids beyond the weaker ones.
const forbidden: { readonly [model: string]: ReadonlyArray<string> } = {
  "causal-cerone": ["internal", "G1a"],
  "PL-CS": ["G1", "G-cursor", "lost-update"],
  "PL-2L": ["G1", "G-monotonic"],
  "PL-MSR": ["G1", "G-MSR"],
  "PL-2+": ["G1", "G-single"],
  "PL-FCV": ["G1", "G-SIb"],
  "parallel-snapshot-isolation": ["internal", "G1a"],
  "PL-3": ["G1", "G2", "predicate-read-miss", "PL-3-cycle-exists", "internal"],
  "PL-2": ["G1", "PL-2-cycle-exists"],
  "PL-1": ["G0", "duplicate-elements", "cyclic-versions", "PL-1-cycle-exists"],
  prefix: ["internal", "G1a"],
  "PL-SI": ["internal", "G1", "G-SI", "G-nonadjacent", "PL-SI-cycle-exists"],
  "read-atomic": ["internal", "G1a", "future-read"],
  "PL-2.99": ["G1", "G2-item", "PL-2.99-cycle-exists", "lost-update"],
  "update-atomic": ["lost-update"],
  "PL-SS": ["G1", "G1c-realtime", "G2-realtime", "PL-SS-cycle-exists"],
  "strong-session-PL-1": ["strong-session-PL-1-cycle-exists", "G0-process"],
  "strong-session-PL-2": ["strong-session-PL-2-cycle-exists", "G1c-process"],
  "strong-PL-1": ["strong-PL-1-cycle-exists", "G0-realtime"],
  "strong-PL-2": ["strong-PL-2-cycle-exists", "G1c-realtime"],
  "strong-session-snapshot-isolation": [
    "internal",
    "G1-process",
    "G-nonadjacent-process",
    "strong-session-snapshot-isolation-cycle-exists"
  ],
  "strong-snapshot-isolation": [
    "internal",
    "G1-realtime",
    "G-nonadjacent-realtime",
    "strong-snapshot-isolation-cycle-exists"
  ],
  "strong-session-serializable": ["G1-process", "G2-process", "strong-session-serializable-cycle-exists"],
  "PL-3U": ["G1", "G-update"]
}

const forbiddenBy = reversed(forbidden)

const strongerThan = reversed(weakerModels)

/** The names of all models, aliases included. */
export const consistencyModels: ReadonlySet<string> = new Set([
  ...Object.keys(aliases),
  ...Object.keys(weakerModels),
  ...Object.values(weakerModels).flat()
])
