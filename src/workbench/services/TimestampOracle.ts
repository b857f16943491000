/**
 * A timestamp oracle (`lin-tso`): a source of increasing integers.
 *
 * After `maelstrom.service/PersistentTSO`.
 */
import { Timestamp } from "../../protocol/TimestampOracle.ts"
import type { Readers, StateMachine } from "./Service.ts"

/** A request for the next integer. */
export interface TimestampRequest {
  readonly type: "ts"
}

/** Nothing in the request's body matters but its type. */
export const readers: Readers<TimestampRequest> = { ts: () => ({ type: "ts" }) }

/** Answers every request with the next integer, from 0. The state is that integer. */
export const machine: StateMachine<number, TimestampRequest> = {
  initial: 0,
  step: (ts) => [ts + 1, { type: Timestamp.replyType, ts }]
}
