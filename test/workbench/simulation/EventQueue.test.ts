import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Order, Schema } from "effect"
import * as EventQueue from "../../../src/workbench/simulation/EventQueue.ts"

const Instants = Schema.Array(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 })))

const takeAll = (queue: EventQueue.EventQueue): Array<EventQueue.Event> => {
  const event = queue.take()
  return event === undefined ? [] : [event, ...takeAll(queue)]
}

const nothing = () => undefined

describe("EventQueue", () => {
  it.effect.prop(
    "hands out events by their instant, those of one instant as they were added",
    [Instants],
    ([instants]) =>
      Effect.sync(() => {
        const queue = EventQueue.make()
        const added = instants.map((instant) => queue.add(instant, nothing))
        const byInstant = Order.mapInput(Order.Number, (event: EventQueue.Event) => event.atNanos)
        const byAddition = Order.mapInput(Order.Number, (event: EventQueue.Event) => added.indexOf(event))
        assert.deepStrictEqual(takeAll(queue), Array.sort(added, Order.combine(byInstant, byAddition)))
      })
  )

  it.effect.prop(
    "hands out what is left in order when events are added and taken in turn",
    [Schema.Array(Schema.Tuple([Schema.Boolean, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 }))]))],
    ([steps]) =>
      Effect.sync(() => {
        const queue = EventQueue.make()
        let model: Array<EventQueue.Event> = []
        for (const [isTake, instant] of steps) {
          if (isTake) {
            const [soonest] = Array.sort(
              model,
              Order.mapInput(Order.Number, (event: EventQueue.Event) => event.atNanos)
            )
            assert.strictEqual(queue.take(), soonest)
            model = model.filter((event) => event !== soonest)
          } else {
            model.push(queue.add(instant, nothing))
          }
        }
      })
  )

  it.effect.prop(
    "leaves out what was cancelled",
    [Schema.Array(Schema.Tuple([Schema.Boolean, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 20 }))]))],
    ([entries]) =>
      Effect.sync(() => {
        const queue = EventQueue.make()
        const kept: Array<number> = []
        for (const [isCancelled, instant] of entries) {
          const event = queue.add(instant, nothing)
          if (isCancelled) {
            event.run = undefined
          } else {
            kept.push(event.order)
          }
        }
        assert.sameMembers(
          takeAll(queue).map(({ order }) => order),
          kept
        )
      })
  )

  it("has nothing to hand out when it is empty", () => {
    const queue = EventQueue.make()
    assert.isUndefined(queue.take())
    queue.add(1, nothing)
    queue.take()
    assert.isUndefined(queue.take())
  })
})
