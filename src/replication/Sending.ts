/**
 * Sends gossip: a message tells what this node has, and what else its sender puts into it.
 */
import type { NodeId } from "../protocol/NodeId.ts"
import type { Ask, Gossip } from "./Gossip.ts"
import { emit, indexOf, type Replica } from "./Replica.ts"
import * as Stability from "./Stability.ts"
import * as ViewExchange from "./ViewExchange.ts"

/** A message without what is the same for all that are sent at a time. */
export interface Parts extends Pick<Gossip, "ask" | "answer" | "unread"> {
  readonly entries: Gossip["entries"]
  /** Whether to tell what is stable, which makes a message longer. It is left out if told a short time ago. */
  readonly tellStable: boolean
  /** Whether to write the view in full, for a node that may not know it though it was told. */
  readonly inFull?: boolean
}

export const send = (replica: Replica, to: NodeId, { inFull = false, tellStable, ...parts }: Parts): void => {
  const index = indexOf(replica, to)
  if (parts.ask !== undefined) {
    replica.asked.add(to)
  }
  emit(replica, {
    _tag: "Send",
    to,
    message: {
      have: [ViewExchange.refer(replica, index, inFull), [...replica.log.version]],
      ...parts,
      ...(tellStable && shouldTell(replica, index) && { stability: Stability.claim(replica.stability) })
    }
  })
}

/** Asks a node for what this one lacks, and tells it what this one has. */
export const ask = (replica: Replica, to: NodeId, ask: Ask): void =>
  send(replica, to, { entries: [], ask, tellStable: true })

const shouldTell = ({ now, toldStableAt }: Replica, index: number): boolean => {
  if (now - (toldStableAt.get(index) ?? Number.NEGATIVE_INFINITY) < tellStableMillis) {
    return false
  }
  toldStableAt.set(index, now)
  return true
}

/** The shortest time between two messages to the same node that tell what is stable. */
const tellStableMillis = 2_000
