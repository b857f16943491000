/**
 * What the replication's state machine decides: actions, which its shell carries out, in order.
 */
import type { Schema } from "effect"
import type { NodeId } from "../protocol/NodeId.ts"
import type { Flush, News } from "./Flush.ts"
import type { Gossip, Part, Want } from "./Gossip.ts"
import type { Incarnation } from "../services/Incarnation.ts"
import type { VersionVector } from "./VersionVector.ts"
import type { View } from "./View.ts"

/** Whose log it is: a node's, in one of its incarnations. */
export interface Origin {
  readonly node: NodeId
  readonly incarnation: Incarnation
}

/**
 * What a replica waits for. The shell knows how long (`Flush`, `RepairPolicy`); that a timer fires early or late costs
 * messages or time, and is never wrong.
 */
export type Timer = "flush" | "quiet" | "unrest" | "rumour" | "confirm" | "seek" | "catch up" | "fetch" | "given" | Gap

/** Something is known that a peer has, by its index, and this node lacks. */
export type Gap = `gap ${number}`

export type Action =
  | { readonly _tag: "Send"; readonly to: NodeId; readonly message: Gossip }
  | { readonly _tag: "SendPart"; readonly to: NodeId; readonly message: Part }
  | { readonly _tag: "SendWant"; readonly to: NodeId; readonly message: Want }
  /** Items that come next in a log, from the sequence number `first` on. */
  | {
      readonly _tag: "Deliver"
      readonly origin: Origin
      readonly first: number
      readonly items: ReadonlyArray<Schema.Json>
    }
  /** All elements of a snapshot, to be merged at once. */
  | { readonly _tag: "Merge"; readonly elements: ReadonlyArray<Schema.Json> }
  /** A snapshot of the state as it is now is wanted, before anything else happens, as an event. */
  | {
      readonly _tag: "TakeSnapshot"
      readonly peer: number
      readonly view: View
      readonly version: VersionVector
    }
  /** What the state is as of, now that a checkpoint of it is wanted, before anything else happens. */
  | { readonly _tag: "Checkpoint"; readonly view: View; readonly version: VersionVector }
  /** Every node has all of a log to which nothing is appended any more. */
  | { readonly _tag: "Retire"; readonly origin: Origin }
  /**
   * All nodes know that these are their present logs, and all have the same of the earlier ones: nothing more of an
   * earlier log comes to anybody.
   */
  | { readonly _tag: "Settled"; readonly logs: ReadonlyArray<Origin> }
  /** Another node is known to have this many of the items that this node has appended. */
  | { readonly _tag: "Confirm"; readonly count: number }
  /** This node has heard from the other ones since it started, and has what they have told it of. */
  | { readonly _tag: "CaughtUp" }
  /**
   * There is something new to be pushed: an item of this node's own, or what it has just heard. Lets the timer of the
   * next flush fire when the policy says so.
   */
  | { readonly _tag: "Flush"; readonly as: keyof Flush; readonly news: News }
  /** Lets a timer fire after the next delay of its schedule, which `anew` begins again. It replaces one that runs. */
  | { readonly _tag: "Arm"; readonly timer: Timer; readonly anew: boolean }
  | { readonly _tag: "Log"; readonly level: "Info" | "Warn"; readonly text: string; readonly about?: unknown }
