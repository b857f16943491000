import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Echo } from "../../../../src/protocol/Echo.ts"
import { Timeout } from "../../../../src/protocol/RpcError.ts"
import { workload } from "../../../../src/workbench/workloads/echo/Echo.ts"
import { answering, invokeAll, take, testNode } from "../testRun.ts"

describe("Echo", () => {
  it("asks to echo any of 128 numbers", () => {
    const numbers = take(workload, 5000).map(({ f, value }) => {
      assert.strictEqual(f, "echo")
      return Number(/^Please echo (\d+)$/.exec(String(value))?.[1])
    })
    assert.deepStrictEqual(
      [...new Set(numbers)].toSorted((left, right) => left - right),
      Array.from({ length: 128 }, (_, number) => number)
    )
  })

  it.effect("completes with the reply's type and text, whatever text came back", () =>
    Effect.gen(function* () {
      const node = testNode(answering(Echo.echo, ({ echo }) => Effect.succeed({ echo: `${String(echo)}!` })))
      assert.deepStrictEqual(yield* invokeAll(workload, node.connection, [{ f: "echo", value: "Please echo 7" }]), [
        { type: "ok", value: { type: "echo_ok", echo: "Please echo 7!" } }
      ])
      assert.deepStrictEqual(node.calls, [["echo", { echo: "Please echo 7" }]])
    })
  )

  it.effect("leaves open what became of a request without a reply", () =>
    Effect.gen(function* () {
      const node = testNode(answering(Echo.echo, () => Effect.fail(new Timeout({ text: "no reply" }))))
      const [completion] = yield* invokeAll(workload, node.connection, [{ f: "echo", value: "Please echo 7" }])
      assert.strictEqual(completion?.type, "info")
    })
  )
})
