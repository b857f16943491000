/**
 * Assigns every log an owner: the node that is in charge of it.
 */
import type { NodeId } from "../../protocol/NodeId.ts"
import { fnv1a } from "../../replication/fnv1a.ts"
import { murmurMix } from "../../replication/murmurMix.ts"

/** Names the owner of a log, the same at every node. */
export type Ownership = (key: string) => NodeId

/**
 * Spreads logs over nodes evenly, without a table: the owner is the node for which the hash of node and key is highest.
 *
 * Rendezvous hashing, Thaler and Ravishankar (1996).
 */
export const rendezvous =
  (nodeIds: ReadonlyArray<NodeId>): Ownership =>
  (key) =>
    nodeIds.reduce((owner, id) => (hash(`${id}/${key}`) > hash(`${owner}/${key}`) ? id : owner))

/** The first node owns all logs. */
export const leader =
  (nodeIds: ReadonlyArray<NodeId>): Ownership =>
  () =>
    nodeIds[0]!

/** FNV-1a with a final mix, since the last characters of a text hardly touch its high bits otherwise. */
const hash = (text: string): number => murmurMix(fnv1a(text))
