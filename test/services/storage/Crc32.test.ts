import { assert, describe, it } from "@effect/vitest"
import { crc32 } from "../../../src/services/storage/Crc32.ts"

const of = (text: string) => crc32(new TextEncoder().encode(text))

describe("crc32", () => {
  it("is that of gzip, PNG and Ethernet", () => {
    // The check value of the catalogue of CRCs, and that of nothing.
    assert.strictEqual(of("123456789"), 0xcbf43926)
    assert.strictEqual(of(""), 0)
    assert.strictEqual(of("The quick brown fox jumps over the lazy dog"), 0x414fa339)
  })
})
