import { type Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { TestNode } from "./TestNode.ts"
import { settle, type TestBody } from "./TestTransport.ts"

/** What a node answers that needs time to do so: its timers run, and others it asks take their time. */
export const askWithTime = Effect.fnUntraced(function* (
  node: Pick<TestNode<unknown>, "ask">,
  body: TestBody,
  time: Duration.Input = "2 seconds"
) {
  const asking = yield* Effect.forkChild(node.ask(body), { startImmediately: true })
  yield* settle
  yield* TestClock.adjust(time)
  return yield* Fiber.join(asking)
})
