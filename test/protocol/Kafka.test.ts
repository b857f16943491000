import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Kafka from "../../src/protocol/Kafka.ts"
import type { AnyRpc } from "../../src/protocol/Rpc.ts"

const parts = (rpc: AnyRpc) => ({ request: rpc.request, reply: rpc.reply })

describe("Kafka", () => {
  for (const [name, schema, text] of [
    ["polled offsets", parts(Kafka.Poll).request, `{"offsets":{"__proto__":3,"constructor":4}}`],
    ["polled records", parts(Kafka.Poll).reply, `{"msgs":{"__proto__":[[3,"a"]],"toString":[]}}`],
    ["committed offsets", parts(Kafka.CommitOffsets).request, `{"offsets":{"__proto__":3}}`],
    ["listed offsets", parts(Kafka.ListCommittedOffsets).reply, `{"offsets":{"__proto__":3}}`],
    ["a record's own content", parts(Kafka.Send).request, `{"key":"__proto__","msg":{"__proto__":1}}`]
  ] as const) {
    it(`keeps a key named __proto__ in ${name}`, () => {
      const decoded = Schema.decodeUnknownSync(schema)(JSON.parse(text))
      assert.strictEqual(JSON.stringify(decoded), text)
      assert.strictEqual(JSON.stringify(Schema.encodeUnknownSync(schema)(decoded)), text)
    })
  }
})
