/**
 * The message that replicas gossip: version vectors, runs of items, and what is stable.
 */
import { Schema } from "effect"
import * as OneWay from "../protocol/OneWay.ts"
import { Claim } from "./Stability.ts"
import { Count, VersionVector } from "./VersionVector.ts"

/** Whether an answer is wanted in any case, or only if one of the two has something that the other lacks. */
export const Ask = Schema.Literals(["always", "difference"])
export type Ask = typeof Ask.Type

/**
 * The one message of the log called `name`. It is one-way: nobody acknowledges it, and who is asked for something
 * answers with a further one of its kind.
 *
 * - `have`: its sender's version vector.
 * - `entries`: runs of items: whose, the sequence number of the first, and the items.
 * - `ask`: whether the sender would like to hear what it lacks.
 * - `gone`: what the sender has truncated (`ReplicatedLog.truncated`), where the receiver lacks some of it.
 * - `stability`: what the sender has gathered of what all nodes have.
 */
export const make = (name: string) =>
  OneWay.make(`replicate ${name}`, {
    have: VersionVector,
    entries: Schema.Array(Schema.Tuple([Count, Count, Schema.Array(Schema.Json)])),
    ask: Schema.optionalKey(Ask),
    gone: Schema.optionalKey(VersionVector),
    stability: Schema.optionalKey(Claim)
  })

export type Gossip = OneWay.Payload<ReturnType<typeof make>>

/** Whether a message makes sense in a cluster of `size` nodes, so that it may come from one of them. */
export const fits = ({ entries, gone, have, stability }: Gossip, size: number): boolean =>
  have.length === size &&
  entries.every(([origin]) => origin < size) &&
  (gone === undefined || (gone.length === size && gone.every((count, origin) => count <= have[origin]!))) &&
  (stability === undefined || claimFits(stability, size))

const claimFits = ([, nodes, floor, stable]: Claim, size: number) =>
  nodes.every((node) => node < size) && floor.length === size && stable.length === size
