/**
 * A broadcast node that keeps its values on its disk, and ones that lose some in crashes or on disks that fail.
 */
import { Effect } from "effect"
import * as Correct from "../reference/storedBroadcast.ts"
import type { Scenario } from "./BrokenNode.ts"

export const storedBroadcast: Scenario = {
  name: "broadcast that is stored",
  workload: "broadcast",
  options: {
    nodeCount: 1,
    concurrency: 200,
    rate: 200,
    timeLimit: "5 seconds",
    nemesis: ["crash", "disk", "pause"],
    nemesisInterval: "300 millis",
    recovery: "1 second"
  },
  control: Correct.layer,
  broken: [
    {
      bug: "acknowledges what its disk does not have yet",
      finds: "lost",
      besides: ["forgotten"],
      layer: Correct.make({
        alter: (log) => ({
          ...log,
          append: log.append,
          sync: Effect.asVoid(Effect.forkDetach(Effect.ignore(log.sync)))
        })
      })
    },
    {
      bug: "takes a value for stored when its disk has failed",
      finds: "lost",
      besides: ["forgotten"],
      layer: Correct.make({ alter: (log) => ({ ...log, append: log.append, sync: Effect.ignore(log.sync) }) })
    },
    {
      bug: "leaves out of a checkpoint what is still being synced",
      finds: "lost",
      besides: ["forgotten"],
      layer: Correct.make({ checkpointsAll: false })
    }
  ]
}
