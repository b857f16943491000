import { assert, describe, it } from "@effect/vitest"
import { passThrough } from "../../../src/cli/maelstrom/passThrough.ts"

const words = (text: string) => text.split(" ")

describe("passThrough", () => {
  it.each([
    ["maelstrom 4", "maelstrom 4 --"],
    ["maelstrom 4 --rate 50", "maelstrom 4 -- --rate 50"],
    ["maelstrom 4 -- --rate 50", "maelstrom 4 -- --rate 50"],
    ["maelstrom 4 --rate 50 -- --json", "maelstrom 4 -- --rate 50 --json"],
    ["maelstrom --strategy tree 3d --log-stderr", "maelstrom --strategy tree 3d -- --log-stderr"],
    ["maelstrom 3d --rate 5 --strategy tree --json x", "maelstrom 3d --strategy tree --json -- --rate 5 x"],
    ["maelstrom 3d --out=here --rate=5 --no-json", "maelstrom 3d --out=here --no-json -- --rate=5"],
    ["maelstrom 3d --json=true --out", "maelstrom 3d --json=true --out --"],
    ["maelstrom 3d --log-level debug -h", "maelstrom 3d --log-level debug -h --"],
    ["maelstrom --rate 5 3d", "maelstrom --rate 5 -- 3d"]
  ])("makes %s into %s", (given, parsed) => {
    assert.deepStrictEqual(passThrough(words(given)), words(parsed))
  })

  it.each(["", "test 3d --rate 5", "node 1", "--help", "test maelstrom --wat"])("leaves %s alone", (given) => {
    assert.deepStrictEqual(passThrough(words(given)), words(given))
  })
})
