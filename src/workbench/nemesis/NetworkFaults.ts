/**
 * Faults of the network: partitions, and loss or duplication of messages.
 */
import { Effect, type Random } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { Network } from "../network/Network.ts"
import * as Draw from "../simulation/Draw.ts"
import type { Fault } from "./Fault.ts"
import * as Partition from "./Partition.ts"

/** Cuts links in one of several ways, and heals the network. */
export const partition = (
  kinds: ReadonlyArray<Partition.PartitionKind>,
  nodes: ReadonlyArray<NodeId>,
  network: Network,
  random: Random.Random
): Fault => ({
  name: "partition",
  start: () => {
    const kind = Draw.pick(random, kinds)
    const perform = Effect.sync(() => {
      const grudge = Partition.grudge(kind, nodes, random)
      Partition.apply(network, grudge)
      return ["isolated", grudge]
    })
    return { value: kind, perform }
  },
  stop: () => ({
    value: null,
    perform: Effect.sync(() => {
      network.heal()
      return "network-healed"
    })
  })
})

/** The probability of a packet fault while it is on, if the network is not that unreliable anyway. */
const packetFaultProbability = 0.5

/**
 * Makes loss or duplication of messages likely, and then as likely again as it was when this was made. The value is the
 * probability from now on.
 */
export const packets = (name: "loss" | "duplicate", network: Network): Fault => {
  const usual = network.faults[name]
  const set = (probability: number) =>
    Effect.sync(() => {
      network.faults = { ...network.faults, [name]: probability }
      return probability
    })
  return {
    name,
    start: () => ({ value: packetFaultProbability, perform: set(Math.max(usual, packetFaultProbability)) }),
    stop: () => ({ value: null, perform: set(usual) })
  }
}
