/**
 * Forbidden anomalies: what each consistency model forbids, and so which models an anomaly rules out.
 *
 * The rows are those of Elle, with their sources by the first author: for the papers see `ConsistencyModel.ts`. Elle
 * has nothing for session guarantees and atomic visibility; what these rows forbid is ours (`Visibility.ts`). Of what
 * is left, where a model forbids nothing that is looked for beyond the weaker ones, it is not {@link isCheckable}.
 */
import { type AnomalyName, generalizations, isAnomalyName, specialCases } from "./Anomaly.ts"
import {
  type CanonicalModelName,
  type ConsistencyModelName,
  consistencyModels,
  friendlyName,
  isConsistencyModel,
  strongerModels,
  weakerModels
} from "./ConsistencyModel.ts"
import { converse } from "./Implication.ts"

/**
 * The anomalies that a history must not show if it is to satisfy all of the given models.
 *
 * A name that is none of a model, as a file might have it, is a `RangeError`, since a model that forbids nothing would
 * hide every bug.
 */
export const forbiddenAnomalies = (models: Iterable<ConsistencyModelName>): ReadonlySet<AnomalyName> =>
  specialCases(
    [...weakerModels(Array.from(models, knownModel))]
      .flatMap((model) => forbidden[model])
      .filter((name) => isAnomalyName(name))
  )

/**
 * Whether anything is looked for that a model forbids and weaker ones do not. `parallel-snapshot-isolation` is no more
 * than the two weaker ones together (Cerone). Of another one a history would pass that it does not allow.
 */
export const isCheckable = (model: ConsistencyModelName): boolean => {
  const [name, ...weaker] = weakerModels([model])
  const inherited = forbiddenAnomalies(weaker)
  return (
    name === "parallel-snapshot-isolation" ||
    forbidden[name!].some((anomaly) => isAnomalyName(anomaly) && !inherited.has(anomaly))
  )
}

/**
 * The anomalies of visibility that count in the verdict: those of the models that were asked for and of the weaker
 * ones, unless a model is one that Elle judges by its cycles, since then the verdict is Elle's.
 */
export const visibilityPromised = (models: Iterable<ConsistencyModelName>): ReadonlySet<AnomalyName> =>
  forbiddenAnomalies(Array.from(models).filter((model) => !judgedByCycles(model)))

/**
 * Whether a model implies one that forbids anti-dependencies in cycles, as snapshot isolation and repeatable read do.
 */
const judgedByCycles = (model: ConsistencyModelName): boolean => forbiddenAnomalies([model]).has("G-single-item")

/** The models (by canonical names) that a history with the given anomalies cannot satisfy. */
export const impossibleModels = (anomalies: Iterable<AnomalyName>): ReadonlySet<CanonicalModelName> =>
  strongerModels(Array.from(generalizations(anomalies)).flatMap((anomaly) => forbiddenBy.get(anomaly) ?? []))

/** What a history is not: the weakest models that its anomalies rule out, and the others ruled out by these. */
export interface Boundary {
  readonly not: ReadonlyArray<ConsistencyModelName>
  readonly alsoNot: ReadonlyArray<ConsistencyModelName>
}

/** The boundary that some anomalies draw, in friendly names. */
export const boundary = (anomalies: Iterable<AnomalyName>): Boundary => {
  const impossible = impossibleModels(anomalies)
  const isWeakest = (model: CanonicalModelName) =>
    [...weakerModels([model])].every((weaker) => weaker === model || !impossible.has(weaker))
  const [alsoNot, not] = [...impossible].reduce<[Array<ConsistencyModelName>, Array<ConsistencyModelName>]>(
    (parts, model) => {
      parts[isWeakest(model) ? 1 : 0].push(friendlyName(model))
      return parts
    },
    [[], []]
  )
  return { not: not.toSorted(), alsoNot: alsoNot.toSorted() }
}

const knownModel = (model: ConsistencyModelName): ConsistencyModelName => {
  if (!isConsistencyModel(model)) {
    throw new RangeError(`${model} is no consistency model; there are ${[...consistencyModels].toSorted().join(", ")}`)
  }
  return model
}

/**
 * Names in the rows below that no anomaly has or implies, so that they never rule anything out.
 *
 * - `G-SIb`, `G-SI`: Elle's models have Adya's names, but its anomalies are called `GSIb` and `GSI`, and so the two
 *   never meet. This port keeps both as they are. No verdict depends on it: what implies `GSIb` or `GSI` is `G-single`,
 *   which the weaker PL-2+ forbids anyway, or `GSIa`, which nothing looks for.
 * - `G-cursor`, `G-monotonic`, `G-MSR`, `G-update`: Adya's phenomena of cursors, of reads in the middle of a
 *   transaction and of read-only transactions. Neither Elle nor this port looks for them.
 * - `predicate-read-miss`: a predicate read that misses a version, though all versions match. Elle's checker of
 *   predicates finds it; registers have none.
 */
export const unmatchedNames = [
  "G-SIb",
  "G-SI",
  "G-cursor",
  "G-monotonic",
  "G-MSR",
  "G-update",
  "predicate-read-miss"
] as const

type UnmatchedName = (typeof unmatchedNames)[number]

/** What each model forbids beyond the weaker ones. */
export const forbidden: {
  readonly [model in CanonicalModelName]: ReadonlyArray<AnomalyName | UnmatchedName>
} = {
  "PL-1": [
    "G0", // Adya
    // Adya's histories cannot show these two at all, since their order of versions is given and total. That other
    // models should forbid them as well is left open.
    "duplicate-elements",
    "cyclic-versions",
    "PL-1-cycle-exists"
  ],
  "PL-2": [
    "G1", // Adya
    "PL-2-cycle-exists"
  ],
  "PL-CS": [
    "G1", // Adya
    "G-cursor", // Adya
    "lost-update" // Adya, Bailis
  ],
  "PL-2L": ["G1", "G-monotonic"], // Adya
  "PL-MSR": ["G1", "G-MSR"], // Adya
  "PL-2+": ["G1", "G-single"], // Adya
  "PL-FCV": ["G1", "G-SIb"], // Adya
  "PL-3U": ["G1", "G-update"], // Adya
  "PL-2.99": [
    "G1", // Adya
    "G2-item", // Adya
    "lost-update", // Bailis
    "PL-2.99-cycle-exists"
  ],
  // Cerone, in part. A read of what the own transaction wrote only later saw something else than the last version that
  // was visible before it, and so breaks EXT.
  "read-atomic": ["internal", "G1a", "future-read", "fractured-read"],
  "causal-cerone": ["internal", "G1a", "causal-cerone-violation"], // Cerone
  "update-atomic": ["lost-update"], // Cerone
  prefix: ["internal", "G1a"], // Cerone, in part
  "parallel-snapshot-isolation": ["internal", "G1a"], // Cerone, in part
  "PL-SI": [
    "internal", // Cerone, in part
    "G1", // Adya
    "G-SI", // Adya
    // Cerone 2016: every cycle has two anti-dependencies in a row, with the order of sessions. That the same holds
    // without sessions fits Daudjee 2006, whose weak snapshot isolation is the strong session kind with every
    // transaction a session, and the generalized kind of Elnikety. Elle's author had it from Gotsman in person.
    "G-nonadjacent",
    "PL-SI-cycle-exists"
  ],
  "PL-3": [
    "internal", // Cerone, in part
    "G1", // Adya
    "G2", // Adya
    "predicate-read-miss",
    "PL-3-cycle-exists"
  ],
  "PL-SS": [
    "G1", // Adya
    "G1c-realtime", // Adya
    "G2-realtime", // Adya
    "PL-SS-cycle-exists"
  ],
  "strong-session-PL-1": ["G0-process", "strong-session-PL-1-cycle-exists"],
  "strong-session-PL-2": ["G1c-process", "strong-session-PL-2-cycle-exists"],
  "strong-PL-1": ["G0-realtime", "strong-PL-1-cycle-exists"],
  "strong-PL-2": ["G1c-realtime", "strong-PL-2-cycle-exists"],
  // For these two there is no source. They extend snapshot isolation to a client's own earlier writes and to all writes
  // that had ended, the way the row above has it: no cycle without two anti-dependencies in a row.
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
  "strong-session-serializable": [
    "G1-process", // Daudjee
    "G2-process", // Daudjee
    "strong-session-serializable-cycle-exists" // Alvaro, not published
  ],

  // Of these Elle has nothing.
  "monotonic-atomic-view": ["observed-transaction-vanishes"], // Bailis
  causal: ["causal-violation"], // Bailis
  "writes-follow-reads": ["missing-read-write-dependency"], // Bailis
  PRAM: ["PRAM-violation"], // Bailis
  "monotonic-reads": ["non-monotonic-reads"], // Bailis
  "monotonic-writes": ["non-monotonic-writes"], // Bailis
  "read-your-writes": ["missing-your-writes"], // Bailis
  "view-serializable": [],
  "1SR": [],
  "session-serializable": [],
  linearizable: [],
  sequential: []
}

const forbiddenBy = converse(forbidden)
