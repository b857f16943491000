import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import * as WaitingReceiver from "../../../src/workbench/network/WaitingReceiver.ts"
import * as VirtualTime from "../../../src/workbench/simulation/VirtualTime.ts"
import { simulate } from "../simulation/simulate.ts"

interface Sent {
  readonly src: NodeId
  readonly at: number
  readonly latency: number
}

/** A link that is cut at an instant, or healed. */
interface Change {
  readonly src: NodeId
  readonly at: number
  readonly cut: boolean
}

interface Delivered {
  /** Which message, by the order of sending. */
  readonly order: number
  readonly at: number
}

/** Sends and cuts at their nanoseconds, and tells what is delivered when. */
const receive = Effect.fnUntraced(function* (messages: ReadonlyArray<Sent>, changes: ReadonlyArray<Change>) {
  const time = VirtualTime.make()
  const cut = new Set<NodeId>()
  const delivered: Array<Delivered> = []
  const receiver = WaitingReceiver.make(time, (src) => cut.has(src))
  for (const change of changes) {
    time.after(change.at, () => (change.cut ? cut.add(change.src) : cut.delete(change.src)))
  }
  for (const [order, { at, latency, src }] of messages.entries()) {
    time.after(at, () =>
      receiver.add({
        src,
        dueNanos: at + latency,
        deliver: () => void delivered.push({ order, at: time.nowNanos() })
      })
    )
  }
  yield* simulate(time, Effect.sleep("1 second"))
  return delivered
})

/** What the receiver's contract says, as a loop over what is left. */
const expected = (messages: ReadonlyArray<Sent>, changes: ReadonlyArray<Change>): ReadonlyArray<Delivered> => {
  const isCut = (src: NodeId, now: number) =>
    changes.findLast((change) => change.src === src && change.at <= now)?.cut ?? false
  const delivered: Array<Delivered> = []
  const left = messages.map((message, order) => ({ ...message, order, due: message.at + message.latency }))
  let now = 0
  while (left.length > 0) {
    now = Math.max(now, Math.min(...left.map(({ at }) => at)))
    const sent = left.filter(({ at }) => at <= now)
    const first = sent.toSorted((one, other) => one.due - other.due || one.order - other.order)[0]!
    left.splice(left.indexOf(first), 1)
    if (!isCut(first.src, now)) {
      now = Math.max(now, first.due)
      delivered.push({ order: first.order, at: now })
    }
  }
  return delivered
}

const Instant = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 60 }))
const Latency = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 }))
const Source = Schema.Literals(["n1", "n2", "c1"].map((id) => NodeId.make(id)))
const Messages = Schema.Array(Schema.Struct({ src: Source, at: Instant, latency: Latency }))
const Changes = Schema.Array(Schema.Struct({ src: Source, at: Instant, cut: Schema.Boolean }))

const byInstant = <A extends { readonly at: number }>(items: ReadonlyArray<A>) =>
  items.toSorted((one, other) => one.at - other.at)

describe("WaitingReceiver", () => {
  it.effect.prop(
    "takes what is due first of what has been sent, judges its link then, and delivers it when it is due",
    [Messages, Changes],
    ([messages, changes]) =>
      Effect.gen(function* () {
        const sent = byInstant(messages)
        const cuts = byInstant(changes)
        assert.deepStrictEqual(yield* receive(sent, cuts), expected(sent, cuts))
      })
  )
})
