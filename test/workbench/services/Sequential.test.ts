import { assert, describe, it } from "@effect/vitest"
import { type Random, Schema } from "effect"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import * as KeyValueStore from "../../../src/workbench/services/KeyValueStore.ts"
import * as Sequential from "../../../src/workbench/services/Sequential.ts"
import type { StateMachine } from "../../../src/workbench/services/Service.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"
import { outcome } from "./outcome.ts"

/** Counts its changes, so that an answer tells which state was seen, or made. */
const versions: StateMachine<number, "read" | "change"> = {
  initial: 0,
  step: (version, request) => {
    const next = request === "read" ? version : version + 1
    return [next, { type: `${request}_ok`, version: next }]
  }
}

const versionOf = (service: ReturnType<typeof makeVersions>, client: string, request: "read" | "change") =>
  service.handle(NodeId.make(client), request)["version"] as number

const makeStalest = () => Sequential.stalest(versions)

const makeVersions = (random: Random.Random) => Sequential.make(versions, random)

/** Always draws the same number. */
const always = (number: number): Random.Random => ({ nextDoubleUnsafe: () => number, nextIntUnsafe: () => 0 })
const oldest = always(0)
const newest = always(1 - Number.EPSILON)

const Client = Schema.Literals(["n0", "n1", "n2", "n3"])
const Requests = Schema.Array(Schema.Tuple([Client, Schema.Literals(["read", "change", "change"])]))
const n1 = NodeId.make("n1")
const n2 = NodeId.make("n2")

describe("Sequential", () => {
  it.prop(
    "shows each client states in order, none older than the last 32, and every change on the newest",
    [Schema.String, Requests, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100 }))],
    ([seed, requests, changesBefore]) => {
      const service = makeVersions(Seeds.random(seed, "seq-kv"))
      let changes = changesBefore
      for (let change = 0; change < changesBefore; change++) {
        versionOf(service, "n9", "change")
      }
      const lastSeen = new Map<string, number>()
      for (const [client, request] of requests) {
        const version = versionOf(service, client, request)
        if (request === "change") {
          assert.strictEqual(version, ++changes)
        }
        assert.isAtLeast(version, lastSeen.get(client) ?? 0)
        assert.isAtLeast(version, changes - 31)
        assert.isAtMost(version, changes)
        lastSeen.set(client, version)
      }
    }
  )

  it("shows new clients any of the last 32 states", () => {
    const service = makeVersions(Seeds.random("1", "seq-kv"))
    for (let change = 0; change < 100; change++) {
      versionOf(service, "n0", "change")
    }
    const seen = new Set(Array.from({ length: 1000 }, (_, client) => versionOf(service, `c${client}`, "read")))
    assert.deepStrictEqual(
      [...seen].toSorted((left, right) => left - right),
      Array.from({ length: 32 }, (_, index) => index + 69)
    )
  })

  it("may show a client the same stale state for ever, until that client changes something", () => {
    const service = makeVersions(oldest)
    assert.strictEqual(versionOf(service, "n1", "change"), 1)
    for (let change = 0; change < 10; change++) {
      versionOf(service, "n2", "change")
    }
    const reads = new Set(Array.from({ length: 1000 }, () => versionOf(service, "n1", "read")))
    assert.deepStrictEqual([...reads], [1])
    assert.strictEqual(versionOf(service, "n1", "change"), 12)
    assert.strictEqual(versionOf(service, "n1", "read"), 12)
  })

  it("may show the newest state", () => {
    const service = makeVersions(newest)
    for (let change = 0; change < 10; change++) {
      versionOf(service, "n2", "change")
    }
    assert.strictEqual(versionOf(service, "n1", "read"), 10)
  })

  it("lets a write take place in the past if it changed nothing then", () => {
    const service = Sequential.make(KeyValueStore.machine, oldest)
    service.handle(n1, { type: "write", key: "x", value: 1 })
    // The first attempt sees the state before the write, in which there is no x.
    assert.deepStrictEqual(outcome(service.handle(n2, { type: "cas", key: "x", from: 1, to: 2 })), [
      20,
      "key does not exist"
    ])
    service.handle(n2, { type: "write", key: "x", value: 2 })
    service.handle(n1, { type: "write", key: "x", value: 1 })
    assert.deepStrictEqual(outcome(service.handle(n2, { type: "read", key: "x" })), { value: 2 })
  })

  it("judges a cas that a past state would let through by the newest", () => {
    const service = Sequential.make(KeyValueStore.machine, oldest)
    service.handle(n1, { type: "write", key: "x", value: 1 })
    service.handle(n2, { type: "write", key: "x", value: 2 })
    assert.deepStrictEqual(outcome(service.handle(n1, { type: "cas", key: "x", from: 1, to: 3 })), [
      22,
      "current value 2 is not 1"
    ])
    assert.deepStrictEqual(outcome(service.handle(n1, { type: "read", key: "x" })), { value: 2 })
  })

  it.prop(
    "shows each client its own last change at its stalest, and makes every change to the newest",
    [Requests],
    ([requests]) => {
      const service = makeStalest()
      const own = new Map<string, number>()
      let changes = 0
      for (const [client, request] of requests) {
        if (request === "change") {
          own.set(client, ++changes)
        }
        assert.strictEqual(versionOf(service, client, request), own.get(client) ?? 0)
      }
    }
  )

  it("forgets at its stalest nothing that a client has seen, be it a hundred states ago", () => {
    const service = Sequential.stalest(KeyValueStore.machine)
    service.handle(n1, { type: "write", key: "x", value: 1 })
    for (let value = 0; value < 100; value++) {
      service.handle(n2, { type: "write", key: "x", value })
    }
    assert.deepStrictEqual(outcome(service.handle(n1, { type: "read", key: "x" })), { value: 1 })
    assert.deepStrictEqual(outcome(service.handle(n1, { type: "cas", key: "x", from: 1, to: 7 })), [
      22,
      "current value 99 is not 1"
    ])
    assert.deepStrictEqual(outcome(service.handle(n1, { type: "read", key: "x" })), { value: 99 })
  })
})
