import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"
import * as UniqueWrites from "../../../src/workbench/workloads/UniqueWrites.ts"

const Small = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 12 }))

const take = (options: UniqueWrites.Options, count: number, seed: string) => {
  const writes = UniqueWrites.make(Seeds.random(seed, "writes"), options)
  return Array.from({ length: count }, () => writes.next())
}

describe("UniqueWrites", () => {
  it.prop(
    "writes 1, 2, 3, … to each key, up to the maximum, and uses so many keys at a time",
    [Small, Small, Schema.String],
    ([keyCount, maxWritesPerKey, seed]) => {
      const written = new Map<number, number>()
      let newest = keyCount - 1
      for (const operation of take({ keyCount, maxWritesPerKey }, 500, seed)) {
        newest = Math.max(newest, operation.key)
        if (operation.f === "w") {
          assert.strictEqual(operation.value, (written.get(operation.key) ?? 0) + 1)
          assert.isAtMost(operation.value, maxWritesPerKey)
          written.set(operation.key, operation.value)
        }
      }
      // Each key beyond the first ones came for one that was full.
      const full = [...written.values()].filter((count) => count === maxWritesPerKey).length
      assert.isAtMost(newest - keyCount + 1, full)
    }
  )

  it("uses ten keys unless told otherwise, the last of them most", () => {
    const operations = take({ keyCount: undefined, maxWritesPerKey: 1_000_000 }, 20_000, "0")
    const share = (key: number) => operations.filter((operation) => operation.key === key).length / operations.length
    assert.strictEqual(Math.max(...operations.map(({ key }) => key)), 9)
    assert.closeTo(share(9), 512 / 1023, 0.02)
    assert.closeTo(share(8), 256 / 1023, 0.02)
    assert.closeTo(share(5), 32 / 1023, 0.01)
  })

  it("reads as often as it writes as long as no key is full", () => {
    const operations = take({ keyCount: 5, maxWritesPerKey: 1_000_000 }, 20_000, "0")
    assert.closeTo(operations.filter(({ f }) => f === "r").length / operations.length, 0.5, 0.02)
  })
})
