import { assert, describe, it } from "@effect/vitest"
import * as MaelstromLog from "../../../src/cli/maelstrom/MaelstromLog.ts"

const logOf = (lines: ReadonlyArray<string>) => lines.reduce(MaelstromLog.add, MaelstromLog.empty)

const prefix = "INFO [2026-01-02 03:04:05,678] jepsen"

describe("MaelstromLog", () => {
  it("tells how far the run has come", () => {
    const lines = [
      `${prefix} node n0 - maelstrom.db Setting up n0`,
      `${prefix} test runner - jepsen.core Relative time begins now`,
      `${prefix} worker 0 - jepsen.util 0\t:invoke\t:echo\t"Please echo 29"`,
      `${prefix} worker 0 - jepsen.util 0\t:ok\t:echo\t{:echo "Please echo 29"}`,
      `${prefix} worker 0 - jepsen.util 0\t:invoke\t:echo\t"Please echo 5"`,
      `${prefix} test runner - jepsen.core Run complete, writing`,
      `${prefix} test runner - jepsen.core Analyzing...`
    ]
    const stages = lines.map((_, i) => logOf(lines.slice(0, i + 1)))
    assert.deepStrictEqual(
      stages.map(({ phase }) => phase),
      ["setting up", "running", "running", "running", "running", "writing", "analyzing"]
    )
    assert.strictEqual(stages.at(-1)?.operations, 2)
  })

  it("keeps the last dozen lines as the last words", () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `line ${i}`)
    assert.deepStrictEqual(MaelstromLog.lastWords(logOf([...lines, ""])), lines.slice(-12))
  })

  it("gives what an exception says as the last words, without the way to where it was thrown", () => {
    const log = logOf([
      "WARN [2026-01-02 03:04:05,678] main - jepsen.core Test crashed!",
      "ERROR [2026-01-02 03:04:05,678] main - jepsen.cli Oh jeez, I'm sorry, Jepsen broke. Here's why:",
      "java.util.concurrent.ExecutionException: Node n0 crashed with exit status 3.",
      "",
      "out of milk",
      ...Array.from({ length: 40 }, (_, i) => `\tat clojure.core$deref.invoke(core.clj:${i})`)
    ])
    assert.deepStrictEqual(MaelstromLog.lastWords(log), [
      "java.util.concurrent.ExecutionException: Node n0 crashed with exit status 3.",
      "out of milk"
    ])
  })
})
