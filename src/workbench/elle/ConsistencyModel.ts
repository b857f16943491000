/**
 * Consistency models of transactions: their names, and which are stronger than which.
 *
 * The models, their relations and their aliases are those of Elle (its `consistency_model.clj`), under Adya's names
 * where these exist (`PL-2` for read committed). What each forbids is in `ForbiddenAnomalies.ts`. The rows of the
 * tables in both files, and in `Anomaly.ts`, name their sources by the first author; the doubts are Elle's too. To
 * read:
 *
 * - Jepsen, "Consistency Models", a map of most of them: https://jepsen.io/consistency
 * - Kingsbury, Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations", 2020:
 *   https://arxiv.org/abs/2003.10554, and its source: https://github.com/jepsen-io/elle
 * - Adya, "Weak Consistency: A Generalized Theory and Optimistic Implementations for Distributed Transactions", 1999:
 *   https://pmg.csail.mit.edu/pubs/adya99__weak_consis-abstract.html
 * - Adya, Liskov, O'Neil, "Generalized Isolation Level Definitions", 2000, the short form of it:
 *   https://doi.org/10.1109/ICDE.2000.839388
 * - Berenson et al., "A Critique of ANSI SQL Isolation Levels", 1995: https://arxiv.org/abs/cs/0701157
 * - Bailis et al., "Highly Available Transactions: Virtues and Limitations", 2013: https://arxiv.org/abs/1302.0309
 * - Cerone, Bernardi, Gotsman, "A Framework for Transactional Consistency Models with Atomic Visibility", 2015:
 *   https://doi.org/10.4230/LIPIcs.CONCUR.2015.58
 * - Cerone, Gotsman, "Analysing Snapshot Isolation", 2016 (here: Cerone 2016):
 *   http://software.imdea.org/~gotsman/papers/si-podc16.pdf
 * - Daudjee, Salem, "Lazy Database Replication with Ordering Guarantees", 2004:
 *   https://cs.uwaterloo.ca/~kmsalem/pubs/DaudjeeICDE04.pdf
 * - Daudjee, Salem, "Lazy Database Replication with Snapshot Isolation", 2006 (here: Daudjee 2006):
 *   http://www.vldb.org/conf/2006/p715-daudjee.pdf
 * - Elnikety, Pedone, Zwaenepoel, "Generalized Snapshot Isolation and a Prefix-Consistent Implementation", 2004:
 *   https://www.inf.usi.ch/faculty/pedone/Paper/2004/IC_TECH_REPORT_200421.pdf
 * - Liu et al., "ROLA: A New Distributed Transaction Protocol and Its Formal Analysis", 2018:
 *   https://doi.org/10.1007/978-3-319-89363-1_5
 * - Zuikevičiūtė, Pedone, "Correctness Criteria for Database Replication: Theoretical and Practical Aspects", 2008
 * - Bernstein, Hadzilacos, Goodman, "Concurrency Control and Recovery in Database Systems", 1987:
 *   https://www.microsoft.com/en-us/research/people/philbe/
 * - Kleppmann, "Hermitage: Testing the 'I' in ACID", 2014: https://github.com/ept/hermitage
 */
import { Predicate, Record, Schema } from "effect"
import { closure, converse } from "./Implication.ts"

/** The name under which the tables have a model. */
export type CanonicalModelName = keyof typeof models

/** The name of a model: a canonical one or an alias. */
export type ConsistencyModelName = CanonicalModelName | keyof typeof aliases

/** The names of models as data. */
export const ConsistencyModelName = Schema.declare<ConsistencyModelName>(
  (u): u is ConsistencyModelName => Predicate.isString(u) && isConsistencyModel(u),
  { expected: "the name of a consistency model" }
)

/** Whether there is a consistency model, or an alias of one, of this name. */
export const isConsistencyModel = (name: string): name is ConsistencyModelName =>
  Object.hasOwn(models, name) || isAlias(name)

/** The given models (by canonical names) and all that imply one of them. */
export const strongerModels = (names: Iterable<CanonicalModelName>): ReadonlySet<CanonicalModelName> =>
  closure(names, (model) => strongerThan.get(model) ?? [])

/** The given models and all that they imply, by canonical names. */
export const weakerModels = (names: Iterable<ConsistencyModelName>): ReadonlySet<CanonicalModelName> =>
  closure(Array.from(names, canonicalName), (model) => implied[model])

/** The best known name of a model, from its canonical one. */
export const friendlyName = (model: CanonicalModelName): ConsistencyModelName => friendlyNames.get(model) ?? model

const isAlias = (name: string): name is keyof typeof aliases => Object.hasOwn(aliases, name)

const canonicalName = (model: ConsistencyModelName): CanonicalModelName => (isAlias(model) ? aliases[model] : model)

const aliases = {
  "consistent-view": "PL-2+", // Adya
  "conflict-serializable": "PL-3", // Adya
  "cursor-stability": "PL-CS", // Adya
  "forward-consistent-view": "PL-FCV", // Adya
  "monotonic-snapshot-read": "PL-MSR", // Adya
  "monotonic-view": "PL-2L", // Adya
  // That SQL's two weakest levels are Adya's PL-2 and PL-1 is Elle's reading, which its author is not sure of.
  "read-committed": "PL-2",
  "read-uncommitted": "PL-1",
  "repeatable-read": "PL-2.99", // Adya
  // Conflict serializability, as in Bernstein et al.
  serializable: "PL-3",
  "snapshot-isolation": "PL-SI", // Adya
  "strict-serializable": "PL-SS", // Adya
  // The literature has several notions of strong serializability; in Elle they are all strict serializability.
  "strong-serializable": "PL-SS",
  "update-serializable": "PL-3U", // Adya
  "strong-session-read-uncommitted": "strong-session-PL-1",
  "strong-session-read-committed": "strong-session-PL-2",
  "strong-read-uncommitted": "strong-PL-1",
  "strong-read-committed": "strong-PL-2"
} as const satisfies { readonly [alias: string]: CanonicalModelName }

// The last of several aliases counts, which gives Elle's choices.
const friendlyNames: ReadonlyMap<CanonicalModelName, ConsistencyModelName> = new Map(
  Record.toEntries(aliases).map(([alias, model]) => [model, alias])
)

// Every model, with the weaker ones that it implies.
const models = {
  // Isolation, from weak to strong.
  "PL-1": [],
  "PL-2": ["PL-1"], // Adya, and SQL's levels
  "PL-CS": ["PL-2"], // Adya, Bailis
  "PL-2L": ["PL-2"], // Adya
  "PL-MSR": ["PL-2"], // Adya
  "PL-2+": ["PL-CS", "PL-2L"], // Adya
  "PL-FCV": ["PL-2+"], // Adya
  "PL-3U": ["PL-FCV"], // Adya
  "monotonic-atomic-view": ["PL-2"], // Bailis
  "PL-2.99": [
    "PL-CS", // Adya
    "monotonic-atomic-view" // Bailis
  ],
  // Cerone: EXT makes the effects of a transaction visible at once, INT keeps its own view from going back.
  "read-atomic": ["monotonic-atomic-view"],
  // Cerone et al.'s causal consistency is a model of its own. How it fits the `causal` below, Elle leaves open.
  "causal-cerone": ["read-atomic"],
  "update-atomic": ["read-atomic"], // Cerone
  prefix: ["causal-cerone"], // Cerone
  "parallel-snapshot-isolation": [
    "causal-cerone", // Cerone
    "update-atomic" // Liu, in whose words ROLA guarantees it
  ],
  "PL-SI": [
    "PL-FCV", // Adya
    "monotonic-atomic-view", // Bailis
    "PL-MSR", // Adya
    "parallel-snapshot-isolation", // Cerone
    "prefix" // Cerone
  ],
  "view-serializable": [],
  "PL-3": [
    "view-serializable", // Bernstein
    "PL-2.99", // Adya, and SQL's levels
    "PL-3U", // Adya
    "PL-SI" // Bailis, Cerone
  ],
  "1SR": [],
  "session-serializable": ["1SR"], // Zuikevičiūtė
  "PL-SS": [
    "PL-3", // Adya, Bailis
    "linearizable", // Bailis
    "PL-SI", // Adya
    "strong-snapshot-isolation", // no source known
    "strong-session-serializable", // Daudjee, perhaps
    "session-serializable" // Zuikevičiūtė, of strong serializability
  ],

  // Isolation with the order of sessions (`strong-session`) or real time (`strong`). That of PL-1 and PL-2 is Elle's
  // own, by analogy: not in the literature, but it makes many a search for cycles needless.
  "strong-session-PL-1": ["PL-1"],
  "strong-session-PL-2": ["PL-2", "strong-session-PL-1"],
  "strong-PL-1": ["strong-session-PL-1"],
  "strong-PL-2": ["strong-session-PL-2", "strong-PL-1"],
  "strong-session-snapshot-isolation": [
    "PL-SI", // Daudjee 2006, Cerone 2016
    "strong-session-PL-2"
  ],
  "strong-snapshot-isolation": [
    "strong-session-snapshot-isolation", // Daudjee 2006
    "strong-PL-2"
  ],
  "strong-session-serializable": [
    "PL-3", // Daudjee
    "strong-session-snapshot-isolation"
  ],

  // Models of single objects, or nearly. What Elle cannot tell from anomalies they do not forbid here either.
  linearizable: ["sequential"], // Bailis
  sequential: ["causal"], // Bailis
  causal: ["writes-follow-reads", "PRAM"], // Bailis
  "writes-follow-reads": [],
  PRAM: ["monotonic-reads", "monotonic-writes", "read-your-writes"], // Bailis
  "monotonic-reads": [],
  "monotonic-writes": [],
  "read-your-writes": []
} as const

// That all weaker models are themselves in the table is checked here.
const implied: { readonly [model in CanonicalModelName]: ReadonlyArray<CanonicalModelName> } = models

const strongerThan = converse(implied)

/** The names of all models, aliases included. */
export const consistencyModels: ReadonlySet<ConsistencyModelName> = new Set([
  ...Record.keys(aliases),
  ...Record.keys(models)
])
