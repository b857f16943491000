/**
 * Operations of the `kafka` workload's clients: `send`, `poll`, `assign` and `crash`.
 *
 * Sends and polls are lists of one micro-operation, since Jepsen's checker is made for transactions of several.
 */
import type { Invocation } from "../Workload.ts"

/** Appends a message to a log. It completes as `["send", key, [offset, message]]`. */
export interface Send extends Invocation {
  readonly f: "send"
  readonly value: readonly [readonly ["send", key: string, message: number]]
}

/** Reads on in the logs that the client is assigned. It completes as `["poll", { key: [[offset, message], …] }]`. */
export interface Poll extends Invocation {
  readonly f: "poll"
  readonly value: readonly [readonly ["poll"]]
}

/** Sets the logs that the client polls from here on. */
export interface Assign extends Invocation {
  readonly f: "assign"
  readonly value: ReadonlyArray<string>
  /** Whether polls are to begin at offset 0, wherever this client was and whatever is committed. */
  readonly "seek-to-beginning"?: true
  /**
   * Whether, at the end of a test, the committed offsets are to be listed as well. Maelstrom's client does not look.
   */
  readonly final?: true
}

/** Ends the client, so that a new one takes its place which is assigned nothing. */
export interface Crash extends Invocation {
  readonly f: "crash"
  readonly value: null
}

export type KafkaInvocation = Send | Poll | Assign | Crash

export const crash: Crash = { f: "crash", value: null }

export const poll: Poll = { f: "poll", value: [["poll"]] }

export const send = (key: string, message: number): Send => ({ f: "send", value: [["send", key, message]] })
