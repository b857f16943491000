/**
 * Recovers what a store kept of an earlier incarnation of this node: a state, and the items behind it.
 */
import type { Schema } from "effect"
import { deliver, gatherer, type Replica } from "./Replica.ts"
import type { Run } from "./ReplicatedLog.ts"
import * as Stability from "./Stability.ts"
import * as VersionVector from "./VersionVector.ts"
import * as View from "./View.ts"
import * as ViewExchange from "./ViewExchange.ts"

/**
 * What a store gave back. The state that goes with it, which has as much of each log as `version` says, has been given
 * to the application already; the items of the runs follow it, and are delivered. Logs are named by their positions in
 * the view.
 *
 * The items are kept as those of any closed log, so that other nodes get from here what this node had told nobody.
 */
export interface Recovered {
  readonly view: View.Written
  readonly version: VersionVector.VersionVector
  readonly runs: ReadonlyArray<Run<Schema.Json>>
}

export const recover = (replica: Replica, { runs, version, view: written }: Recovered): void => {
  const view = View.make(written)
  ViewExchange.adopt(replica, View.absorb(replica.view, replica.log.version, view))
  for (const [position, count] of View.align(version, view, replica.view, 0).entries()) {
    replica.log.skip(position, count)
  }
  for (const [theirs, first, items] of runs) {
    const position = View.positionOf(replica.view, view.logs[theirs]!)
    deliver(replica, position, replica.log.receive([position, first, items]))
  }
  // It began when this node was in its view and had nothing yet.
  Stability.beginAnew(replica.stability, gatherer(replica))
  VersionVector.merge(replica.pushed, replica.log.version)
  if (replica.peers.length === 0 && replica.settings.hasSnapshots) {
    replica.log.truncate(replica.log.version)
    ViewExchange.retire(replica)
  }
}
