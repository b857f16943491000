/**
 * The state machine of replication: what a replica does when something happens to it. Deterministic and synchronous,
 * with no clock, network or chance of its own; `Replication` is the shell that has these.
 *
 * A step changes the state in place. Measured with 25 nodes and 40 kept items of each log, an item takes 2.7 µs to be
 * taken in, and 4.3 µs where the vectors and the log that it changes are copied first; and logs grow to thousands of
 * items where a node is cut off.
 */
import type { Schema } from "effect"
import type { NodeId } from "../protocol/NodeId.ts"
import type { Action, Timer } from "./Action.ts"
import * as AntiEntropy from "./AntiEntropy.ts"
import * as Confirmation from "./Confirmation.ts"
import * as EagerPush from "./EagerPush.ts"
import type * as Gossip from "./Gossip.ts"
import * as OwnLog from "./OwnLog.ts"
import * as Receive from "./Receive.ts"
import { type Recovered, recover } from "./Recovery.ts"
import { emit, indexOf, log, type Replica } from "./Replica.ts"
import * as Snapshot from "./Snapshot.ts"
import type { VersionVector } from "./VersionVector.ts"
import type { View } from "./View.ts"
import * as ViewExchange from "./ViewExchange.ts"

export type Event =
  /** The node has started: it may have been here before, and a store may have kept something of that. */
  | { readonly _tag: "Started"; readonly recovered?: Recovered }
  /** This node adds an item to its log, which asks for a flush unless it `joins` one that is about to be. */
  | { readonly _tag: "Appended"; readonly item: Schema.Json; readonly joins?: true }
  /** This node will have something to add at its next flush. */
  | { readonly _tag: "FlushWanted" }
  | { readonly _tag: "Received"; readonly from: NodeId; readonly message: Gossip.Gossip }
  | { readonly _tag: "ReceivedPart"; readonly from: NodeId; readonly message: Gossip.Part }
  | { readonly _tag: "ReceivedWant"; readonly from: NodeId; readonly message: Gossip.Want }
  /** The answer to the action `TakeSnapshot`. */
  | {
      readonly _tag: "SnapshotTaken"
      readonly peer: number
      readonly view: View
      readonly version: VersionVector
      readonly elements: ReadonlyArray<Schema.Json>
    }
  | { readonly _tag: "TimerFired"; readonly timer: Timer }
  /** A checkpoint of the state is to be kept: its answer is the action `Checkpoint`. */
  | { readonly _tag: "CheckpointWanted" }
  /** This node wants to know what every other one has before it goes on. */
  | { readonly _tag: "CatchUp" }

/**
 * Lets something happen at a time, in milliseconds from anywhere, that never goes back. Changes the state in place, and
 * returns what is to be done, in order.
 */
export const step = (replica: Replica, event: Event, now: number): ReadonlyArray<Action> => {
  replica.now = now
  replica.actions = []
  if ("from" in event && (indexOf(replica, event.from) < 0 || indexOf(replica, event.from) === replica.self)) {
    log(replica, "Warn", `Dropped a message of another cluster from ${event.from}`, event.message)
    return replica.actions
  }
  switch (event._tag) {
    case "Started":
      if (event.recovered !== undefined) {
        recover(replica, event.recovered)
      }
      AntiEntropy.whenQuiet(replica)
      AntiEntropy.seek(replica)
      if (replica.peers.length === 0) {
        ViewExchange.settle(replica)
      }
      break
    case "Appended":
      OwnLog.append(replica, event.item)
      if (event.joins === undefined) {
        EagerPush.schedule(replica, "own")
      }
      break
    case "FlushWanted":
      EagerPush.schedule(replica, "own")
      break
    case "Received":
      Receive.onGossip(replica, event.from, event.message)
      break
    case "ReceivedPart":
      Snapshot.onPart(replica, event.from, event.message)
      break
    case "ReceivedWant":
      Snapshot.onWant(replica, event.from, event.message)
      break
    case "SnapshotTaken":
      Snapshot.onTaken(replica, event.peer, event.view, event.version, event.elements)
      break
    case "CheckpointWanted":
      OwnLog.publish(replica)
      emit(replica, { _tag: "Checkpoint", view: replica.view, version: [...replica.log.version] })
      break
    case "CatchUp":
      AntiEntropy.catchUp(replica)
      break
    case "TimerFired":
      replica.armed.delete(event.timer)
      onTimer(replica, event.timer)
      break
  }
  return replica.actions
}

const onTimer = (replica: Replica, timer: Timer) => {
  switch (timer) {
    case "flush":
      return Confirmation.pushAndWatch(replica)
    case "confirm":
      return Confirmation.onTime(replica)
    case "quiet":
      return AntiEntropy.onQuiet(replica)
    case "rumour":
      return AntiEntropy.onRumour(replica)
    case "unrest":
      return AntiEntropy.onUnrest(replica)
    case "seek":
      return AntiEntropy.onSeek(replica)
    case "catch up":
      return AntiEntropy.onCatchUp(replica)
    case "fetch":
      return Snapshot.onFetch(replica)
    case "given":
      return Snapshot.onGiven(replica)
    default:
      return AntiEntropy.onGap(replica, timer)
  }
}
