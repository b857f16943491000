/**
 * Anomalies of transactional histories, by name, and which of them are special cases of which others.
 *
 * Names and relations are those of Elle, which takes them from Adya, Cerone et al. and Bailis et al.; for the papers
 * see `ConsistencyModel.ts`. A suffix `-process` or `-realtime` says that a cycle needs the order of one client's
 * transactions, or that of transactions which did not overlap.
 */
import { closure, converse } from "./Implication.ts"

/** The name of an anomaly. */
export type AnomalyName = keyof typeof names

/** Every anomaly that is at least one of the given ones, or a special case of one. */
export const specialCases = (anomalies: Iterable<AnomalyName>): ReadonlySet<AnomalyName> =>
  closure(anomalies, (anomaly) => specialCasesOf.get(anomaly) ?? [])

/** The given anomalies and all more general ones. */
export const generalizations = (anomalies: Iterable<AnomalyName>): ReadonlySet<AnomalyName> =>
  closure(anomalies, (anomaly) => generalCases[anomaly])

/** Whether there is an anomaly of this name. */
export const isAnomalyName = (name: string): name is AnomalyName => Object.hasOwn(names, name)

// Every name, with those of which it is a special case. Where no source stands, the relation is plain: an order that a
// cycle may use it need not use, a cycle within one client's order is one in real time, since a client runs one
// transaction at a time, and a dependency through a single item is one that may be through a predicate.
const names = {
  // Cycles of the dependency graph, from the worst to the most subtle. G1 is by definition G1a, G1b or G1c (Adya).
  G0: ["G1c", "G0-process"], // Adya
  "G0-process": ["G1c-process", "G0-realtime"],
  "G0-realtime": ["G1c-realtime"],
  G1c: ["G1", "G1c-process"], // Adya
  "G1c-process": ["G1c-realtime", "G1-process"],
  "G1c-realtime": ["G1-realtime"],
  G1: ["G1-process"],
  "G1-process": ["G1-realtime"],
  "G1-realtime": [],
  "G-single-item": ["G-single", "G-single-item-process", "G-nonadjacent-item"],
  "G-single-item-process": ["G-single-process", "G-single-item-realtime", "G-nonadjacent-item-process"],
  "G-single-item-realtime": ["G-single-realtime", "G-nonadjacent-item-realtime"],
  // GSIb, missed effects: a cycle of one anti-dependency in the graph that has the start of transactions too (Adya). A
  // cycle without these is one with them; what this means for sessions and real time Elle leaves open.
  "G-single": ["G-nonadjacent", "GSIb", "G-single-process"],
  "G-single-process": ["G-nonadjacent-process", "G-single-realtime"],
  "G-single-realtime": ["G-nonadjacent-realtime"],
  "G-nonadjacent-item": ["G-nonadjacent", "G2-item", "G-nonadjacent-item-process"],
  "G-nonadjacent-item-process": ["G-nonadjacent-process", "G2-item-process", "G-nonadjacent-item-realtime"],
  "G-nonadjacent-item-realtime": ["G2-item-realtime", "G-nonadjacent-realtime"],
  "G-nonadjacent": ["G2", "G-nonadjacent-process"], // Adya
  "G-nonadjacent-process": ["G2-process", "G-nonadjacent-realtime"],
  "G-nonadjacent-realtime": ["G2-realtime"],
  "G2-item": ["G2", "G2-item-process"], // Adya
  "G2-item-process": ["G2-process", "G2-item-realtime"],
  "G2-item-realtime": ["G2-realtime"],
  G2: ["G2-process"],
  "G2-process": ["G2-realtime"],
  "G2-realtime": [],

  // Snapshot isolation (Adya). The models have these as `G-SIb` and `G-SI`: see `ForbiddenAnomalies.ts`.
  GSIa: ["GSI"],
  GSIb: ["GSI"],
  GSI: [],

  // Seen in single reads and writes, without a cycle.
  internal: [], // Cerone
  G1a: ["G1"], // Adya
  G1b: ["G1"], // Adya
  "lost-update": ["write-skew", "G2-item"], // Bailis; of one item, hence G2-item
  "write-skew": ["G2"], // Hermitage
  "cyclic-versions": [],

  // Not Elle's: of visibility, see `Visibility.ts`. Those of sessions have the names of Bailis et al., "Highly
  // Available Transactions: Virtues and Limitations", 2013.
  "observed-transaction-vanishes": [], // Bailis
  "fractured-read": [], // Bailis, of RAMP
  "causal-cerone-violation": [],
  "missing-your-writes": ["PRAM-violation"], // Bailis
  "non-monotonic-reads": ["PRAM-violation"], // Bailis
  "non-monotonic-writes": ["PRAM-violation"], // Bailis
  "missing-read-write-dependency": ["causal-violation"], // Bailis
  "PRAM-violation": ["causal-violation"],
  "causal-violation": [],

  // Of lists, which are not checked here. A transaction that reads what it is going to write is a cycle of one.
  "incompatible-order": ["G1a"],
  "future-read": ["G1c"],
  "dirty-update": ["G1a"],
  "duplicate-elements": [],

  // Some cycle in a part of the graph that the model wants acyclic: see `CycleExistence.ts`.
  "PL-1-cycle-exists": [],
  "PL-2-cycle-exists": [],
  "PL-SI-cycle-exists": [],
  "PL-2.99-cycle-exists": [],
  "PL-3-cycle-exists": [],
  "strong-session-PL-1-cycle-exists": [],
  "strong-session-PL-2-cycle-exists": [],
  "strong-session-snapshot-isolation-cycle-exists": [],
  "strong-session-serializable-cycle-exists": [],
  "strong-PL-1-cycle-exists": [],
  "strong-PL-2-cycle-exists": [],
  "strong-snapshot-isolation-cycle-exists": [],
  "PL-SS-cycle-exists": [],

  // Nothing depends on anything, so that nothing was tested.
  "empty-transaction-graph": []
} as const

// That every general case is itself a name is checked here.
const generalCases: { readonly [name in AnomalyName]: ReadonlyArray<AnomalyName> } = names

const specialCasesOf = converse(generalCases)
