import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { NodeId } from "../../../../src/protocol/NodeId.ts"
import * as Stderr from "../../../../src/workbench/nodes/process/Stderr.ts"

/** What is kept of a log that comes in these pieces. */
const record = (...pieces: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const log = yield* Stderr.make(NodeId.make("n0"), { directory: undefined, show: false })
    yield* log.record(Stream.encodeText(Stream.fromIterable(pieces)))
    return log.lines()
  }).pipe(Effect.provide(NodeServices.layer))

describe("Stderr", () => {
  it.effect("puts lines together that came in pieces, the last one, too", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* record("on", "e\ntw", "o\n\nfo", "ur"), ["one", "two", "", "four"])
    })
  )

  it.effect("keeps the last thousand lines", () =>
    Effect.gen(function* () {
      const lines = Array.from({ length: 12_345 }, (_, i) => `line ${i}`)
      const pieces = [0, 1, 2].map((i) =>
        lines
          .slice(i * 5000, (i + 1) * 5000)
          .map((line) => `${line}\n`)
          .join("")
      )
      assert.deepStrictEqual(yield* record(...pieces), lines.slice(-1000))
    })
  )

  it.effect("keeps no more than the beginning of a line that is too long to read", () =>
    Effect.gen(function* () {
      const [line] = yield* record("x".repeat(1_000_000))
      assert.strictEqual(line, "x".repeat(4000))
    })
  )
})
