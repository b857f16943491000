import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { same } from "../../../src/workbench/json/JsonValue.ts"
import { type KeyValueRequest, machine } from "../../../src/workbench/services/KeyValueStore.ts"
import { outcome } from "./outcome.ts"

const run = (...requests: ReadonlyArray<KeyValueRequest>) => {
  let store = machine.initial
  return requests.map((request) => {
    const [next, answer] = machine.step(store, request)
    store = next
    return outcome(answer)
  })
}

const Small = Schema.Union([Schema.Literals([1, 2, "1", true]), Schema.Null])
const Value = Schema.Union([Small, Schema.Array(Small), Schema.Record(Schema.Literals(["a", "b"]), Small)])
const Requests = Schema.Array(
  Schema.Union([
    Schema.Struct({ type: Schema.Literal("read"), key: Value }),
    Schema.Struct({ type: Schema.Literal("write"), key: Value, value: Value }),
    Schema.Struct({
      type: Schema.Literal("cas"),
      key: Value,
      from: Value,
      to: Value,
      create_if_not_exists: Schema.optionalKey(Schema.Boolean)
    })
  ])
)

describe("KeyValueStore", () => {
  it("reads what was written and knows no other keys", () => {
    assert.deepStrictEqual(
      run({ type: "read", key: "x" }, { type: "write", key: "x", value: [1] }, { type: "read", key: "x" }),
      [[20, "key does not exist"], {}, { value: [1] }]
    )
  })

  it("compares keys and values by their content", () => {
    assert.deepStrictEqual(
      run(
        { type: "write", key: { a: 1, b: [2] }, value: { c: 3, d: 4 } },
        { type: "cas", key: { b: [2], a: 1 }, from: { d: 4, c: 3 }, to: null },
        { type: "read", key: { a: 1, b: [2] } },
        { type: "write", key: 1, value: "number" },
        { type: "read", key: "1" }
      ),
      [{}, {}, { value: null }, {}, [20, "key does not exist"]]
    )
  })

  it("says in a failed cas what there is, as Clojure prints it", () => {
    assert.deepStrictEqual(
      run(
        { type: "write", key: "x", value: { a: [1, "t", null], b: true } },
        { type: "cas", key: "x", from: "s", to: 0 }
      ),
      [{}, [22, 'current value {"a" [1 "t" nil], "b" true} is not "s"']]
    )
  })

  it("creates a key with a cas only if told to", () => {
    assert.deepStrictEqual(
      run(
        { type: "cas", key: "x", from: 0, to: 1 },
        { type: "cas", key: "x", from: 0, to: 1, create_if_not_exists: false },
        { type: "cas", key: "x", from: 0, to: 1, create_if_not_exists: true },
        { type: "cas", key: "x", from: 0, to: 2, create_if_not_exists: true },
        { type: "read", key: "x" }
      ),
      [[20, "key does not exist"], [20, "key does not exist"], {}, [22, "current value 1 is not 0"], { value: 1 }]
    )
  })

  it("is not changed by a value that it has already, however that is written", () => {
    const [store] = machine.step(machine.initial, { type: "write", key: "x", value: { a: [1], b: 2 } })
    const value = { b: 2, a: [1] }
    assert.strictEqual(machine.step(store, { type: "write", key: "x", value })[0], store)
    assert.strictEqual(machine.step(store, { type: "cas", key: "x", from: value, to: value })[0], store)
  })

  it.prop("gives back the very same state if and only if nothing changed", [Requests], ([requests]) => {
    let store = machine.initial
    for (const request of requests) {
      const read = () => machine.step(store, { type: "read", key: request.key })[1]
      const before = read()
      const [next, answer] = machine.step(store, request)
      const unchanged = next === store
      store = next
      const after = read()
      assert.strictEqual(unchanged, same(outcome(before), outcome(after)))
      if (request.type === "write") {
        assert.deepStrictEqual(outcome(after), { value: request.value })
      }
      if (request.type === "cas" && answer.type === "cas_ok") {
        assert.deepStrictEqual(outcome(after), { value: request.to })
      }
    }
  })

  it.prop("leaves earlier states as they were", [Requests], ([requests]) => {
    const reads = (store: typeof machine.initial) =>
      requests.map(({ key }) => outcome(machine.step(store, { type: "read", key })[1]))
    const states = [machine.initial]
    const seen = [reads(machine.initial)]
    for (const request of requests) {
      const [next] = machine.step(states.at(-1)!, request)
      states.push(next)
      seen.push(reads(next))
    }
    assert.deepStrictEqual(states.map(reads), seen)
  })
})
