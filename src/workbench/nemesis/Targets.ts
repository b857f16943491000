/**
 * Targets of faults: how many nodes a fault strikes, and how a partition cuts the cluster, under Jepsen's names.
 *
 * After the node and partition specs of `jepsen.nemesis.combined`, save `primaries`: no workload here has any.
 */
import type { Random } from "effect"
import * as Draw from "../simulation/Draw.ts"

/** All targets. Some are only for partitions (`majorities-ring`), others only for nodes (`minority`, `all`). */
export const targets = ["one", "minority-third", "minority", "majority", "majorities-ring", "all"] as const
export type Target = (typeof targets)[number]

/** The targets of faults that strike nodes. */
export const nodeTargets = ["one", "minority-third", "minority", "majority", "all"] as const

/**
 * How many nodes a fault strikes:
 *
 * - `one`: a single one.
 * - `minority-third`: less than a third, as many as that can be, which of three or fewer is none.
 * - `minority`: some, fewer than half; of one or two it is one.
 * - `majority`: the smallest number that is more than half.
 * - `all`: every node at once.
 */
export type NodeTarget = (typeof nodeTargets)[number]

/** One of several targets. Where there is only one, nothing is drawn. */
export const pick = (random: Random.Random, among: ReadonlyArray<NodeTarget>): NodeTarget =>
  among.length === 1 ? among[0]! : Draw.pick(random, among)

/** Draws whom a target strikes of those `present`, where `count` nodes make up the cluster. */
export const drawNodes = <A>(
  target: NodeTarget,
  present: ReadonlyArray<A>,
  count: number,
  random: Random.Random
): ReadonlyArray<A> => {
  const shuffled = Draw.shuffle(random, present)
  return shuffled.slice(0, size(target, count, random))
}

/** Whether a target strikes anybody among so many nodes. */
export const strikes = (target: NodeTarget, count: number): boolean =>
  target !== "minority-third" || minorityThird(count) > 0

/** Less than a third of so many. */
export const minorityThird = (count: number): number => Math.floor((count - 1) / 3)

/** The smallest number that is more than half of so many. */
export const majority = (count: number): number => Math.floor(count / 2) + 1

const size = (target: NodeTarget, count: number, random: Random.Random): number => {
  switch (target) {
    case "one":
      return 1
    case "minority-third":
      return minorityThird(count)
    case "minority":
      return 1 + Draw.integerBelow(random, Math.max(1, Math.ceil(count / 2) - 1))
    case "majority":
      return majority(count)
    case "all":
      return count
  }
}
