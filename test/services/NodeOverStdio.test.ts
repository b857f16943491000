import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Layer, Sink, Stdio, Stream } from "effect"
import * as NodeProgram from "../../src/services/NodeProgram.ts"
import { Transport } from "../../src/services/Transport.ts"
import * as LogRecorder from "./LogRecorder.ts"
import { echo } from "./testChallenges.ts"
import { brokenPipe, bytes, line, recording, request, textInput } from "./TestStdio.ts"
import { settle } from "./TestTransport.ts"

/** A whole node between a stdin and a stdout. */
const program = (stdio: Partial<Stdio.Stdio>) =>
  NodeProgram.run(echo).pipe(
    Effect.provide(Transport.layerStdio.pipe(Layer.provide(Stdio.layerTest(stdio)))),
    Effect.provide(LogRecorder.make().layer)
  )

const init = `{"src":"c0","dest":"n1","body":{"type":"init","msg_id":0,"node_id":"n1","node_ids":["n1"]}}\n`

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** The requests with these ids as they are written. */
const lines = (ids: ReadonlyArray<number>) => ids.map((id) => line(request(id)))

describe("a node on stdin and stdout", () => {
  it.effect("answers everything that came before stdin ended, whatever lies in between", () =>
    Effect.gen(function* () {
      const output = recording()
      const requests = lines(range(1, 5000)).map((line, i) => (i % 7 === 0 ? `junk ${i}\n\n${line}` : line))
      yield* program({
        stdin: textInput(init, requests.join("")),
        stdout: () => output.stdout
      })
      assert.deepStrictEqual<unknown>(
        output.messages().map(({ body }) => [body.in_reply_to, body.type]),
        [[0, "init_ok"], ...range(1, 5000).map((id) => [id, "echo_ok"])]
      )
    })
  )

  it.effect("stops reading while stdout takes nothing, and answers everything once it does", () =>
    Effect.gen(function* () {
      const output = recording()
      const released = yield* Deferred.make<void>()
      let read = 0
      const node = yield* Effect.forkChild(
        program({
          stdin: Stream.range(0, 999).pipe(
            Stream.rechunk(1),
            Stream.map((i) => {
              read += 50
              return bytes((i === 0 ? init : "") + lines(range(i * 50 + 1, i * 50 + 50)).join(""))
            })
          ),
          stdout: () =>
            Sink.forEach((write: string | Uint8Array) =>
              Effect.andThen(
                Deferred.await(released),
                Effect.sync(() => output.record(write))
              )
            )
        })
      )
      let before = -1
      while (before !== read) {
        before = read
        yield* settle
      }
      const readUnderPressure = read
      yield* Deferred.succeed(released, undefined)
      yield* Fiber.join(node)
      assert.isBelow(readUnderPressure, 25_000)
      assert.deepStrictEqual(
        output
          .messages()
          .map(({ body }) => body.in_reply_to as number)
          .toSorted((a, b) => a - b),
        range(0, 50_000)
      )
    })
  )

  it.effect("ends quietly when stdout is closed", () =>
    Effect.gen(function* () {
      yield* program({
        stdin: Stream.concat(textInput(init, line(request(1))), Stream.never),
        stdout: () => Sink.fail(brokenPipe)
      })
    })
  )
})
