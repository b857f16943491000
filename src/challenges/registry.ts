/**
 * All challenges that can be run. A new one is a folder of its own, whose `challenge.ts` exports it, and a line here.
 */
import { challenge3a, challenge3b, challenge3c, challenge3d, challenge3e } from "./broadcast/challenge.ts"
import type { Challenge } from "./Challenge.ts"
import { challenge4, pnCounter } from "./counter/challenge.ts"
import { challenge1 } from "./echo/challenge.ts"
import { challenge5a, challenge5b, challenge5c } from "./log/challenge.ts"
import { challenge6a, challenge6b, challenge6c } from "./transactions/challenge.ts"
import { challenge2 } from "./uniqueIds/challenge.ts"

/** In the order of their ids. The PN-counter is no challenge of Gossip Glomers, but one of Maelstrom's workloads. */
export const challenges: ReadonlyArray<Challenge> = [
  challenge1,
  challenge2,
  challenge3a,
  challenge3b,
  challenge3c,
  challenge3d,
  challenge3e,
  challenge4,
  challenge5a,
  challenge5b,
  challenge5c,
  challenge6a,
  challenge6b,
  challenge6c,
  pnCounter
]

/** The ids of all challenges, in order. */
export const ids: ReadonlyArray<string> = challenges.map(({ id }) => id)

/** The challenge of an id, such as `3d`; undefined if there is none. */
export const find = (id: string): Challenge | undefined => challenges.find((challenge) => challenge.id === id)
