/**
 * Faults of clocks: offsets, steps and drift.
 *
 * After the bumps and resets of `jepsen.nemesis.time`, which knows no drift but a clock that is bumped back and forth.
 */
import { Duration, Effect, type Random } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { RunningNode } from "../nodes/NodeHost.ts"
import type { ClockSetting } from "../simulation/MachineClock.ts"
import type { Fault } from "./Fault.ts"
import * as Targets from "./Targets.ts"

/** The largest drift, in parts per million: a hundred times that of a bad oscillator, to show within seconds. */
const maximumDriftPpm = 5_000

/**
 * Sets the clocks of some nodes forward or back by up to `skew`, from when on they also run fast or slow, and sets them
 * right again, which is a step as well. Nodes whose clock cannot be set are never chosen.
 */
export const clock = (
  nodes: ReadonlyArray<RunningNode>,
  targets: ReadonlyArray<Targets.NodeTarget>,
  skew: Duration.Duration,
  random: Random.Random
): Fault => {
  const upTo = (most: number) => Math.round((2 * random.nextDoubleUnsafe() - 1) * most)
  let wrong: ReadonlyArray<RunningNode> = []
  return {
    name: "clock",
    start: () => {
      const target = Targets.pick(random, targets)
      const perform = Effect.gen(function* () {
        const settable = nodes.filter(({ setClock }) => setClock !== undefined)
        const chosen = Targets.drawNodes(target, settable, nodes.length, random)
        wrong = nodes.filter((node) => chosen.includes(node))
        const settings: Array<readonly [NodeId, ClockSetting]> = []
        for (const { id, setClock } of wrong) {
          const setting = { aheadMillis: upTo(Duration.toMillis(skew)), driftPpm: upTo(maximumDriftPpm) }
          settings.push([id, setting])
          yield* setClock?.(setting) ?? Effect.void
        }
        return ["skewed", Object.fromEntries(settings)]
      })
      return { value: target, perform }
    },
    stop: () => ({
      value: null,
      perform: Effect.gen(function* () {
        const ids = wrong.map(({ id }) => id)
        for (const { setClock } of wrong) {
          yield* setClock?.(right) ?? Effect.void
        }
        wrong = []
        return ["corrected", ids]
      })
    })
  }
}

const right: ClockSetting = { aheadMillis: 0, driftPpm: 0 }
