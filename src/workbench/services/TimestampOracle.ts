/**
 * A timestamp oracle (`lin-tso`): a source of increasing integers.
 *
 * After `maelstrom.service/PersistentTSO`.
 */
import { Timestamp } from "../../protocol/TimestampOracle.ts"
import type { ServiceRequest, StateMachine } from "./Service.ts"

/** Answers every request with the next integer, from 0. The state is that integer. */
export const machine: StateMachine<number, ServiceRequest<typeof Timestamp>> = {
  initial: 0,
  step: (ts) => [ts + 1, { type: Timestamp.replyType, ts }]
}
