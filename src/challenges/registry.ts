/**
 * All challenges that can be run. A new one is a file of its own and a line here.
 */
import * as efficientBroadcast from "./broadcast/efficient.ts"
import * as faultTolerantBroadcast from "./broadcast/faultTolerant.ts"
import { challenge as singleNodeBroadcast } from "./broadcast/singleNode.ts"
import type { Challenge } from "./Challenge.ts"
import * as counter from "./counter/challenge.ts"
import { challenge as echo } from "./echo/echo.ts"
import * as log from "./log/challenge.ts"
import * as transactions from "./transactions/challenge.ts"
import { challenge as uniqueIds } from "./uniqueIds/challenge.ts"

/** In the order of their ids. The PN-counter is no challenge of Gossip Glomers, but one of Maelstrom's workloads. */
export const challenges: ReadonlyArray<Challenge> = [
  echo,
  uniqueIds,
  singleNodeBroadcast,
  faultTolerantBroadcast.multiNode,
  faultTolerantBroadcast.faultTolerant,
  efficientBroadcast.fast,
  efficientBroadcast.frugal,
  counter.growOnly,
  log.oneNode,
  log.overStore,
  log.efficient,
  transactions.singleNode,
  transactions.readUncommitted,
  transactions.readCommitted,
  counter.positiveNegative
]

/** The ids of all challenges, in order. */
export const ids: ReadonlyArray<string> = challenges.map(({ id }) => id)

/** The challenge of an id, such as `3d`; undefined if there is none. */
export const find = (id: string): Challenge | undefined => challenges.find((challenge) => challenge.id === id)
