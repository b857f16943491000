/**
 * Hosts the nodes of a test, in this process or each in a process of its own: starts, crashes and pauses them.
 *
 * What turmoil calls a host, and Jepsen a `db`.
 */
import { type Effect, Runtime, Schema, type Scope } from "effect"
import { NodeId } from "../../protocol/NodeId.ts"
import type { FaultyDisk } from "../disk/SimulatedDisk.ts"
import type { ClockSetting } from "../simulation/MachineClock.ts"

/**
 * A node could not be started, ended though nobody told it to, or did what no node may do. `log` has the last lines of
 * its log.
 */
export class NodeFailed extends Schema.TaggedError<NodeFailed>()("NodeFailed", {
  node: NodeId,
  text: Schema.String,
  log: Schema.Array(Schema.String)
}) {
  override readonly [Runtime.errorExitCode] = 2
  override readonly message = `${this.node} ${this.text}`
}

/** Starts nodes that talk over the test's network. */
export interface NodeHost {
  /** Starts a node with empty memory. It ends with the scope. Nobody has sent it `init` yet. */
  start(id: NodeId): Effect.Effect<RunningNode, NodeFailed, Scope.Scope>
}

/** A node, and what can be done to it. */
export interface RunningNode {
  readonly id: NodeId

  /** Ends it at once: it says nothing more, and forgets everything. */
  readonly crash: Effect.Effect<void>

  /** Starts it again after a crash, with empty memory. It needs an `init` of its own. */
  readonly restart: Effect.Effect<void, NodeFailed>

  /** Stops it where it is, until {@link resume}. Messages to it, and its timers, wait. */
  readonly pause: Effect.Effect<void>
  readonly resume: Effect.Effect<void>

  /**
   * Sets the clock of its machine, which outlives a crash. Absent where that cannot be done: processes share a machine.
   */
  readonly setClock?: (setting: ClockSetting) => Effect.Effect<void>

  /** Its disk, which outlives a crash. Absent where it cannot be made to fail: processes share one. */
  readonly disk?: FaultyDisk

  /** Fails if the node ends on its own, or does what no node may do; never succeeds. */
  readonly failure: Effect.Effect<never, NodeFailed>

  /** What it has logged so far, line by line. */
  readonly log: Effect.Effect<ReadonlyArray<string>>

  /** What is odd about what it has printed so far, as the end of a sentence about it. Only a process prints. */
  readonly complaint?: Effect.Effect<string | undefined>
}
