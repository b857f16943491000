/**
 * The checker of the `txn-rw-register` workload: transactions of reads and writes over registers.
 *
 * It does what Elle's rw-register checker does the way Maelstrom calls it (Kingsbury, Alvaro, "Elle: Inferring
 * Isolation Anomalies from Experimental Observations", 2020). Writes are unique per key, so that a read tells whose
 * write it saw. Where a transaction read a key and then wrote it, the value it wrote is taken to follow the one it
 * read; and every value follows null. From this come the dependencies between transactions, and a cycle among these
 * is an anomaly that some consistency models allow and others do not.
 */
import { pipe } from "effect"
import type { ClientBinding } from "../history/ClientBinding.ts"
import type { History } from "../history/Operation.ts"
import { findings } from "./txn/Findings.ts"
import { abortedReads } from "./txn/AbortedRead.ts"
import { specialCases } from "./txn/Anomaly.ts"
import { boundary, forbiddenAnomalies, impossibleModels } from "./txn/ConsistencyModel.ts"
import { acyclicParts, nameOf } from "./txn/CycleExistence.ts"
import { cyclesOf } from "./txn/Cycles.ts"
import { type Dependencies, dependencyGraph, type SessionOrder, writersOf } from "./txn/DependencyGraph.ts"
import { Explanation } from "./txn/Explanation.ts"
import { intermediateReads } from "./txn/IntermediateRead.ts"
import { internalInconsistencies } from "./txn/InternalConsistency.ts"
import { lostUpdates } from "./txn/LostUpdate.ts"
import { transactionHistory, type TransactionHistory } from "./txn/Transaction.ts"
import { versionOrder } from "./txn/VersionOrder.ts"
import type { Finding, Verdict } from "./Verdict.ts"
