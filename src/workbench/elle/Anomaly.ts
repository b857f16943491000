/**
 * The anomalies of transactional histories, and which of them are also others.
 *
 * Names and relations are those of Elle, which takes them from Adya ("Weak Consistency", 1999), Cerone et al. and
 * Bailis et al. A suffix `-process` or `-realtime` says that a cycle needs the order of one client's transactions, or
 * that of transactions which did not overlap.
 */

/** Every anomaly that is at least one of the given ones, or a special case of one. */
export const specialCases = (anomalies: Iterable<string>): ReadonlySet<string> =>
  closure(anomalies, (anomaly) => specialCasesOf.get(anomaly) ?? [])

/** The given anomalies and all more general ones. */
export const generalizations = (anomalies: Iterable<string>): ReadonlySet<string> =>
  closure(anomalies, (anomaly) => generalCases[anomaly] ?? [])

/** All that can be reached from some starting points, including these. */
export const closure = (starts: Iterable<string>, next: (element: string) => Iterable<string>): ReadonlySet<string> => {
  const reached = new Set(starts)
  // A set that grows while it is iterated over yields its new elements too.
  for (const element of reached) {
    for (const successor of next(element)) {
      reached.add(successor)
    }
  }
  return reached
}

/** The edges of a relation in the other direction. */
export const reversed = (relation: {
  readonly [element: string]: ReadonlyArray<string>
}): ReadonlyMap<string, ReadonlyArray<string>> => {
  const edges = new Map<string, Array<string>>()
  for (const [element, successors] of Object.entries(relation)) {
    for (const successor of successors) {
      edges.set(successor, [...(edges.get(successor) ?? []), element])
    }
  }
  return edges
}

const generalCases: { readonly [anomaly: string]: ReadonlyArray<string> } = {
  G0: ["G1c", "G0-process"],
  "G0-process": ["G1c-process", "G0-realtime"],
  "G0-realtime": ["G1c-realtime"],
  G1a: ["G1"],
  G1b: ["G1"],
  G1c: ["G1", "G1c-process"],
  "G1c-process": ["G1c-realtime", "G1-process"],
  "G1c-realtime": ["G1-realtime"],
  G1: ["G1-process"],
  "G1-process": ["G1-realtime"],
  "G-single-item": ["G-single", "G-single-item-process", "G-nonadjacent-item"],
  "G-single-item-process": ["G-single-process", "G-single-item-realtime", "G-nonadjacent-item-process"],
  "G-single-item-realtime": ["G-single-realtime", "G-nonadjacent-item-realtime"],
  "G-single": ["G-nonadjacent", "GSIb", "G-single-process"],
  "G-single-process": ["G-nonadjacent-process", "G-single-realtime"],
  "G-single-realtime": ["G-nonadjacent-realtime"],
  "G-nonadjacent-item": ["G-nonadjacent", "G2-item", "G-nonadjacent-item-process"],
  "G-nonadjacent-item-process": ["G-nonadjacent-process", "G2-item-process", "G-nonadjacent-item-realtime"],
  "G-nonadjacent-item-realtime": ["G2-item-realtime", "G-nonadjacent-realtime"],
  "G-nonadjacent": ["G2", "G-nonadjacent-process"],
  "G-nonadjacent-process": ["G2-process", "G-nonadjacent-realtime"],
  "G-nonadjacent-realtime": ["G2-realtime"],
  G2: ["G2-process"],
  "G2-item": ["G2", "G2-item-process"],
  "G2-item-process": ["G2-process", "G2-item-realtime"],
  "G2-item-realtime": ["G2-realtime"],
  "G2-process": ["G2-realtime"],
  GSIa: ["GSI"],
  GSIb: ["GSI"],
  "incompatible-order": ["G1a"],
  "future-read": ["G1c"],
  "dirty-update": ["G1a"],
  "lost-update": ["write-skew", "G2-item"],
  "write-skew": ["G2"]
}

const specialCasesOf = reversed(generalCases)
