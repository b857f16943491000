import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import * as Broadcast from "../../src/protocol/Broadcast.ts"
import * as Counter from "../../src/protocol/Counter.ts"
import * as Echo from "../../src/protocol/Echo.ts"
import { Init } from "../../src/protocol/Init.ts"
import * as Kafka from "../../src/protocol/Kafka.ts"
import * as KeyValue from "../../src/protocol/KeyValue.ts"
import { explain } from "../../src/protocol/Malformed.ts"
import * as Txn from "../../src/protocol/Txn.ts"

/** What is said about a body that does not fit. */
const complaint = (schema: Schema.Codec<unknown, unknown>, body: unknown): string =>
  Result.match(Schema.decodeUnknownResult(schema)(body), {
    onSuccess: () => assert.fail(`was accepted: ${JSON.stringify(body)}`),
    onFailure: explain
  })

const complains = (schema: Schema.Codec<unknown, unknown>, body: unknown, place: string) => {
  const text = complaint(schema, body)
  assert.isTrue(text.startsWith(`${place}: `), `${JSON.stringify(body)}: ${text}`)
  assert.notInclude(text, "\n")
}

describe("Malformed", () => {
  it("names a missing key and one of the wrong kind", () => {
    complains(Echo.Echo.echo.request, { type: "echo" }, "echo")
    complains(Broadcast.Topology.request, { topology: [] }, "topology")
    complains(Counter.Add.request, { delta: "1" }, "delta")
    complains(Kafka.ListCommittedOffsets.request, { keys: ["a", 1] }, "keys[1]")
    complains(KeyValue.Write.request, { key: 1 }, "value")
    complains(KeyValue.Cas.request, { key: 1, from: 1, to: 2, create_if_not_exists: 1 }, "create_if_not_exists")
  })

  it("names the place inside a nested body", () => {
    complains(Broadcast.Topology.request, { topology: { n1: ["n2"], n2: ["n1", ""] } }, "topology.n2[1]")
    complains(Kafka.Poll.reply, { msgs: { k: [[0, "a"], [1]] } }, "msgs.k[1][1]")
  })

  it("names every field that is wrong where all are asked for", () => {
    const problems = Result.match(
      Schema.decodeUnknownResult(KeyValue.Cas.request, { errors: "all" })({ key: 1, create_if_not_exists: 1 }),
      { onSuccess: () => assert.fail("was accepted"), onFailure: explain }
    )
    assert.deepStrictEqual(
      problems.split("; ").map((problem) => problem.split(": ")[0]),
      ["from", "to", "create_if_not_exists"]
    )
  })

  it.effect.prop(
    "refuses a number that is no integer where one is asked for",
    [Schema.Finite.check(Schema.makeFilter((n) => !Number.isSafeInteger(n)))],
    ([number]) =>
      Effect.sync(() => {
        complains(Counter.Add.request, { delta: number }, "delta")
        complains(Kafka.Send.reply, { offset: number }, "offset")
        complains(Kafka.Poll.request, { offsets: { k: number } }, "offsets.k")
      })
  )

  it.effect.prop("refuses a negative offset", [Schema.Int.check(Schema.isLessThan(0))], ([offset]) =>
    Effect.sync(() => {
      complains(Kafka.Send.reply, { offset }, "offset")
      complains(Kafka.Poll.request, { offsets: { k: offset } }, "offsets.k")
      complains(Kafka.Poll.reply, { msgs: { k: [[offset, "a"]] } }, "msgs.k[0][0]")
      complains(Kafka.CommitOffsets.request, { offsets: { good: 0, bad: offset } }, "offsets.bad")
      complains(Kafka.ListCommittedOffsets.reply, { offsets: { k: offset } }, "offsets.k")
    })
  )

  it("refuses a micro-operation that is none, and says which", () => {
    const good = ["r", 1, null]
    for (const bad of [
      ["r", 1],
      ["r"],
      [],
      ["r", 1, 2],
      ["w", 1],
      ["w", 1, 2, 3],
      ["append", 1, 2],
      ["R", 1, null],
      [null, 1, null],
      { 0: "r", 1: 1, 2: null },
      "r 1",
      null
    ]) {
      const text = complaint(Txn.Txn.txn.request, { txn: [good, bad] })
      assert.isTrue(text.startsWith("txn[1]"), `${JSON.stringify(bad)}: ${text}`)
    }
    complains(Txn.Txn.txn.request, { txn: {} }, "txn")
  })

  it("takes any JSON for keys and values of micro-operations", () => {
    const txn = [
      ["r", null, null],
      ["w", { a: 1 }, null],
      ["w", [1], "x"]
    ]
    assert.deepStrictEqual<unknown>(Schema.decodeUnknownSync(Txn.Txn.txn.request)({ txn }), { txn })
  })

  it("refuses an init that does not name the node among the nodes", () => {
    complains(Init.request, { node_id: "n1" }, "node_ids")
    complains(Init.request, { node_id: "", node_ids: ["n1"] }, "node_id")
    complains(Init.request, { node_id: "n1", node_ids: [] }, "node_ids[0]")
    assert.include(complaint(Init.request, { node_id: "n9", node_ids: ["n1"] }), "node_id")
  })
})
