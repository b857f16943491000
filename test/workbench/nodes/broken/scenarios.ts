/**
 * All broken nodes, each with the test that finds it.
 */
import { broadcast } from "./broadcast.ts"
import type { Scenario } from "./BrokenNode.ts"
import { counter, staleCounter, storedCounter, subtractingCounter } from "./counter.ts"
import { echo } from "./echo.ts"
import { durableLog, kafka } from "./kafka.ts"
import { readCommitted, readUncommitted, snapshotIsolation, strictSerializable } from "./registers.ts"
import { causal, converging, monotonicAtomicView, readAtomic } from "./weaklyConsistentRegisters.ts"
import { copies, primary } from "./replicatedRegisters.ts"
import { storedBroadcast } from "./storedBroadcast.ts"
import { steppingClocks, uniqueIds } from "./uniqueIds.ts"

export const scenarios: ReadonlyArray<Scenario> = [
  echo,
  uniqueIds,
  steppingClocks,
  broadcast,
  storedBroadcast,
  counter,
  subtractingCounter,
  storedCounter,
  staleCounter,
  kafka,
  durableLog,
  readUncommitted,
  readCommitted,
  snapshotIsolation,
  strictSerializable,
  copies,
  primary,
  converging,
  monotonicAtomicView,
  readAtomic,
  causal
]
