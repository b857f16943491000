import { assert, describe, it } from "@effect/vitest"
import { type Random, Schema } from "effect"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import * as Eventual from "../../../src/workbench/services/Eventual.ts"
import type { KeyValueRequest } from "../../../src/workbench/services/KeyValueStore.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"
import { outcome } from "./outcome.ts"

const client = NodeId.make("n0")

/** Draws these replicas in turn: for every request the source of a merge, its destination, and who answers. */
const draws = (...replicas: ReadonlyArray<0 | 1>): Random.Random => {
  let next = 0
  return { nextDoubleUnsafe: () => replicas[next++]! / 2, nextIntUnsafe: () => 0 }
}

const run = (service: ReturnType<typeof Eventual.make>, ...requests: ReadonlyArray<KeyValueRequest>) =>
  requests.map((request) => outcome(service.handle(client, request)))

const write = (value: number, key = "x"): KeyValueRequest => ({ type: "write", key, value })
const cas = (from: string | null): KeyValueRequest => ({ type: "cas", key: "x", from, to: 1 })
const read = (key = "x"): KeyValueRequest => ({ type: "read", key })

/** The service as it is defined: every merge looks at all keys. */
const reference = (random: Random.Random) => {
  type Replica = { clock: number; entries: { [key: string]: { ts: number; value: number } } }
  const replicas: [Replica, Replica] = [
    { clock: 0, entries: {} },
    { clock: 0, entries: {} }
  ]
  const any = () => Math.floor(random.nextDoubleUnsafe() * 2) as 0 | 1
  return (key: string, value: number | undefined) => {
    const [source, dest] = [replicas[any()], any()]
    const merged: Replica = { clock: Math.max(source.clock, replicas[dest].clock), entries: { ...source.entries } }
    for (const [key, entry] of Object.entries(replicas[dest].entries)) {
      if (entry.ts > (source.entries[key]?.ts ?? -1)) {
        merged.entries[key] = entry
      }
    }
    replicas[dest] = merged
    const replica = replicas[any()]
    if (value === undefined) {
      return replica.entries[key]?.value
    }
    replica.entries = { ...replica.entries, [key]: { ts: replica.clock++, value } }
    return value
  }
}

const Requests = Schema.Array(
  Schema.Tuple([Schema.Literals(["x", "y", "z"]), Schema.Union([Schema.Literals([1, 2, 3]), Schema.Undefined])])
)

describe("Eventual", () => {
  it.prop("answers as if every merge went through all keys", [Schema.String, Requests], ([seed, requests]) => {
    const service = Eventual.make(Seeds.random(seed, "lww-kv"))
    const expected = reference(Seeds.random(seed, "lww-kv"))
    for (const [key, value] of requests) {
      const answer = service.handle(client, value === undefined ? read(key) : write(value, key))
      const wanted = expected(key, value)
      const readAnswer = wanted === undefined ? [20, "key does not exist"] : { value: wanted }
      assert.deepStrictEqual(outcome(answer), value === undefined ? readAnswer : {})
    }
  })

  it("answers from replicas that do not know of each other until they are merged", () => {
    const service = Eventual.make(draws(0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1))
    assert.deepStrictEqual(run(service, write(1), read(), read(), read()), [
      {},
      [20, "key does not exist"],
      [20, "key does not exist"],
      { value: 1 }
    ])
  })

  it("keeps the value with the later timestamp, and of two at the same time the one that is merged into the other", () => {
    const twoWrites = [0, 0, 0, 0, 0, 1] as const
    assert.deepStrictEqual(run(Eventual.make(draws(...twoWrites, 0, 1, 1)), write(1), write(2), read()).at(-1), {
      value: 1
    })
    assert.deepStrictEqual(run(Eventual.make(draws(...twoWrites, 1, 0, 0)), write(1), write(2), read()).at(-1), {
      value: 2
    })
    const later = draws(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0)
    assert.deepStrictEqual(run(Eventual.make(later), write(1), write(2), write(3), read()).at(-1), { value: 2 })
  })

  it("has no create_if_not_exists", () => {
    const service = Eventual.make(draws(0, 0, 0))
    assert.deepStrictEqual(run(service, { type: "cas", key: "x", from: 0, to: 1, create_if_not_exists: true }), [
      [20, "key does not exist"]
    ])
  })

  it("shows the value that a cas expected as Clojure's str does", () => {
    const service = Eventual.make(draws(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    assert.deepStrictEqual(run(service, { type: "write", key: "x", value: "a" }, cas("b"), cas(null), cas("a")), [
      {},
      [22, 'current value "a" is not b'],
      [22, 'current value "a" is not '],
      {}
    ])
  })

  it("comes to agree once nobody writes any more", () => {
    const service = Eventual.make(Seeds.random("1", "lww-kv"))
    for (let value = 0; value < 100; value++) {
      run(service, write(value, `k${value % 7}`))
    }
    run(service, ...Array.from({ length: 50 }, () => read()))
    for (let key = 0; key < 7; key++) {
      const reads = run(service, ...Array.from({ length: 30 }, () => read(`k${key}`)))
      assert.strictEqual(new Set(reads.map((answer) => JSON.stringify(answer))).size, 1)
    }
  })

  it("never comes to agree without merges", () => {
    const service = Eventual.make(Seeds.random("1", "lww-kv"), { merges: false })
    run(service, write(1))
    const reads = run(service, ...Array.from({ length: 1000 }, () => read()))
    assert.deepInclude(reads.slice(-20), { value: 1 })
    assert.deepInclude(reads.slice(-20), [20, "key does not exist"])
  })
})
