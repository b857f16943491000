/**
 * Faults of disks: for a while their operations fail, or do not return.
 */
import { Effect } from "effect"
import * as SimulatedDisk from "../disk/SimulatedDisk.ts"
import * as Draw from "../simulation/Draw.ts"
import type { Fault } from "./Fault.ts"
import type { Cluster } from "./NodeFaults.ts"
import * as Targets from "./Targets.ts"

/**
 * Lets the disks of some nodes fail or hang, all in the same way, and work again; what hung then comes back. Spares
 * nodes that have no disk, have not used it, or are down: a machine that restarts has a disk that works.
 */
export const disk = ({ absent, nodes, random }: Cluster, targets: ReadonlyArray<Targets.NodeTarget>): Fault => {
  let struck: Cluster["nodes"] = []
  return {
    name: "disk",
    start: () => {
      const target = Targets.pick(random, targets)
      const perform = Effect.sync(() => {
        const fault = Draw.pick(random, SimulatedDisk.faults)
        const usable = nodes.filter(({ disk, id }) => disk?.isUsed() && (absent.get(id) ?? "paused") === "paused")
        const chosen = Targets.drawNodes(target, usable, nodes.length, random)
        struck = nodes.filter((node) => chosen.includes(node))
        for (const node of struck) {
          node.disk?.setFault(fault)
        }
        return [inWords[fault], struck.map(({ id }) => id)]
      })
      return { value: target, perform }
    },
    stop: () => ({
      value: null,
      perform: Effect.sync(() => {
        const ids = struck.map(({ id }) => id)
        for (const node of struck) {
          node.disk?.setFault(undefined)
        }
        struck = []
        return ["writing again", ids]
      })
    })
  }
}

/** What is wrong with a node, as explanations say it. */
const inWords: { readonly [fault in SimulatedDisk.DiskFault]: string } = {
  failing: "unable to write to disk",
  hanging: "waiting for disk writes in vain"
}
