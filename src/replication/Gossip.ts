/**
 * The messages that replicas gossip: version vectors, runs of items, what is stable, and snapshots in parts.
 */
import { Schema } from "effect"
import * as OneWay from "../protocol/OneWay.ts"
import { Claim } from "./Stability.ts"
import { Count, VersionVector } from "./VersionVector.ts"
import * as View from "./View.ts"

/** Whether an answer is wanted in any case, or only if one of the two has something that the other lacks. */
export const Ask = Schema.Literals(["always", "difference"])
export type Ask = typeof Ask.Type

/** Counts, and the view whose logs they count: its id, where its receiver should know it by that, or all of it. */
const Vector = Schema.Tuple([Schema.Union([Schema.String, View.Written]), VersionVector])

/**
 * What nodes tell each other of the log called `name`. It is one-way: nobody acknowledges it, and who is asked for
 * something answers with a further one of its kind. A log is named by its position in the view of `have`.
 *
 * - `have`: its sender's version vector.
 * - `entries`: runs of items: of which log, the sequence number of the first, and the items.
 * - `ask`: whether the sender would like to hear what it lacks.
 * - `answer`: that this is what the receiver has asked for.
 * - `unread`: the id of a view that the sender does not know, so that it could not read the receiver's last message.
 * - `stability`: what the sender has gathered of what all nodes have.
 */
export const gossip = (name: string) =>
  OneWay.make(`replicate ${name}`, {
    have: Vector,
    entries: Schema.Array(Schema.Tuple([Count, Count, Schema.Array(Schema.Json)])),
    ask: Schema.optionalKey(Ask),
    answer: Schema.optionalKey(Schema.Literal(true)),
    unread: Schema.optionalKey(Schema.String),
    stability: Schema.optionalKey(Claim)
  })
export type Gossip = OneWay.Payload<ReturnType<typeof gossip>>

/** The most parts that a snapshot may have. */
export const mostParts = 2 ** 16

const Index = Count.check(Schema.isLessThan(mostParts))

/**
 * A part of a snapshot: its name, which one of how many, and some of its elements. `have` is what a node has that has
 * merged all of them.
 */
export const part = (name: string) =>
  OneWay.make(`snapshot of ${name}`, {
    snapshot: Schema.String,
    part: Index,
    of: Index,
    have: Schema.Tuple([View.Written, VersionVector]),
    elements: Schema.Array(Schema.Json)
  })
export type Part = OneWay.Payload<ReturnType<typeof part>>

/** Asks for parts of a snapshot once more. */
export const want = (name: string) =>
  OneWay.make(`missing of snapshot of ${name}`, { snapshot: Schema.String, parts: Schema.Array(Index) })
export type Want = OneWay.Payload<ReturnType<typeof want>>

/** Whether a message of the node at index `src` makes sense in a cluster of `size` nodes, if `view` is its view. */
export const fits = (
  { entries, have: [reference, counts], stability }: Gossip,
  view: View.View,
  src: number,
  size: number
): boolean =>
  (typeof reference === "string" || View.fits(reference, size)) &&
  View.newestOf(view, src) >= 0 &&
  counts.length === view.logs.length &&
  entries.every(([position]) => position < counts.length) &&
  (stability === undefined || claimFits(stability, counts.length, size))

const claimFits = ([, nodes, floor, stable]: Claim, length: number, size: number) =>
  nodes.every((node) => node < size) && floor.length === length && stable.length === length
