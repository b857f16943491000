import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import * as SimulatedFile from "../../../src/workbench/disk/SimulatedFile.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"

const bytes = (text: string) => new TextEncoder().encode(text)

const textOf = (file: SimulatedFile.SimulatedFile) => new TextDecoder().decode(file.read())

/** A file with some of it synced, and some not. */
const make = (synced: string, ...unsynced: ReadonlyArray<string>) => {
  const file = SimulatedFile.make()
  file.append(bytes(synced))
  file.sync(1)
  for (const text of unsynced) {
    file.append(bytes(text))
  }
  return file
}

/** Cuts a file to its first byte, and writes behind that. */
const cut = (file: SimulatedFile.SimulatedFile, rest: string) => {
  file.truncate(1)
  file.append(bytes(rest))
  return file
}

/** What is left of a file after it has lost its page cache, over many seeds. */
const outcomes = (file: () => SimulatedFile.SimulatedFile) =>
  new Set(
    Array.from({ length: 500 }, (_, seed) => {
      const lost = file()
      lost.lose(Seeds.random(String(seed), "disk"))
      return textOf(lost)
    })
  )

describe("SimulatedFile", () => {
  it("shows what was written before it is synced, and where it was cut", () => {
    const file = make("abc", "def")
    assert.strictEqual(textOf(file), "abcdef")
    file.truncate(2)
    file.append(bytes("xy"))
    assert.strictEqual(textOf(file), "abxy")
    file.truncate(0)
    assert.strictEqual(textOf(file), "")
  })

  it("keeps what was synced, and of the rest some first writes, the next of which may be torn or be zeros", () => {
    assert.sameMembers(
      [...outcomes(() => make("ab", "cd", "ef"))],
      ["ab", "ab\0\0", "abc", "abc\0", "abcd", "abcd\0\0", "abcde", "abcde\0", "abcdef"]
    )
  })

  it("may have been cut, or not, when that was not synced", () => {
    assert.sameMembers([...outcomes(() => cut(make("abc"), "x"))], ["a", "a\0", "ax"])
    assert.includeMembers([...outcomes(() => cut(make("abc", "d"), ""))], ["abc", "abcd", "a"])
  })

  it("syncs what was written before the sync began, and not what came meanwhile", () => {
    const file = make("", "ab")
    const changes = file.unsynced()
    file.append(bytes("cd"))
    file.sync(changes)
    assert.strictEqual(file.unsynced(), 1)
    assert.strictEqual(textOf(file), "abcd")
  })

  it.prop(
    "reads as a plain array of bytes does",
    [Schema.Array(Schema.Union([Schema.String, Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 5 }))]))],
    ([steps]) => {
      const file = SimulatedFile.make()
      let plain: Array<number> = []
      for (const step of steps) {
        if (typeof step === "string") {
          file.append(bytes(step))
          plain.push(...bytes(step))
        } else if (step === 5) {
          file.sync(file.unsynced())
        } else if (step <= plain.length) {
          file.truncate(step)
          plain = plain.slice(0, step)
        }
      }
      assert.deepStrictEqual([...file.read()], plain)
    }
  )
})
