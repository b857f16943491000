import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Deferred, Effect, Fiber, Sink, Stream } from "effect"
import { arbitraryMessage } from "../protocol/arbitraryMessage.ts"
import * as LogRecorder from "./LogRecorder.ts"
import { brokenPipe, bytes, line, open, recording, request, textInput } from "./TestStdio.ts"
import { settle } from "./TestTransport.ts"

describe("Transport.layerStdio, writing", () => {
  describe("writing", () => {
    it.effect.prop("writes one line of JSON a message, in order", [Arbitrary.array(arbitraryMessage)], ([messages]) =>
      Effect.gen(function* () {
        const output = recording()
        const { close, transport } = yield* open({ stdout: output.stdout })
        yield* Effect.forEach(messages, transport.send)
        yield* close
        assert.deepStrictEqual<unknown>(output.messages(), messages)
      })
    )

    it.effect("lets replies leave in batches", () =>
      Effect.gen(function* () {
        const output = recording()
        const requests = Array.from({ length: 2000 }, (_, i) => request(i))
        const { close, transport } = yield* open({
          stdin: textInput(requests.map(line).join("")),
          stdout: output.stdout
        })
        yield* transport.run(transport.send)
        yield* close
        assert.deepStrictEqual<unknown>(output.messages(), requests)
        assert.isBelow(output.writes.filter((write) => write !== "").length, 100)
      })
    )

    it.effect("does not wait for more before it writes", () =>
      Effect.gen(function* () {
        const output = recording()
        const { transport } = yield* open({ stdout: output.stdout })
        yield* transport.send(request(1))
        yield* settle
        assert.deepStrictEqual<unknown>(output.messages(), [request(1)])
      })
    )

    it.effect("writes what is still waiting when its scope closes", () =>
      Effect.gen(function* () {
        const output = recording()
        const { close, transport } = yield* open({
          stdout: Sink.forEach((piece: string | Uint8Array) =>
            Effect.andThen(
              settle,
              Effect.sync(() => output.record(piece))
            )
          )
        })
        const messages = Array.from({ length: 5000 }, (_, i) => request(i))
        yield* Effect.forEach(messages, transport.send)
        assert.isBelow(output.messages().length, 5000)
        yield* close
        assert.deepStrictEqual<unknown>(output.messages(), messages)
      })
    )

    it.effect("writes a message of 20 MB", () =>
      Effect.gen(function* () {
        const output = recording()
        const { close, transport } = yield* open({ stdout: output.stdout })
        const long = request(1, "0123456789abcdef".repeat((20 << 20) / 16))
        yield* Effect.forEach([request(0), long, request(2)], transport.send)
        yield* close
        assert.isTrue(output.writes.join("") === [request(0), long, request(2)].map(line).join(""))
      })
    )
  })

  describe("back-pressure", () => {
    it.effect("stops reading while stdout does not take what is written, and loses nothing", () =>
      Effect.gen(function* () {
        const output = recording()
        const released = yield* Deferred.make<void>()
        const total = 100_000
        let read = 0
        const { close, transport } = yield* open({
          stdin: Stream.range(0, total / 100 - 1).pipe(
            Stream.rechunk(1),
            Stream.map(() => bytes(Array.from({ length: 100 }, () => line(request(read++))).join("")))
          ),
          stdout: Sink.forEach((piece: string | Uint8Array) =>
            Effect.andThen(
              Deferred.await(released),
              Effect.sync(() => output.record(piece))
            )
          )
        })
        const running = yield* Effect.forkChild(transport.run(transport.send))
        let before = -1
        while (before !== read) {
          before = read
          yield* settle
        }
        assert.isAbove(read, 0)
        assert.isBelow(read, total / 2)
        assert.isUndefined(running.pollUnsafe())

        yield* Deferred.succeed(released, undefined)
        yield* Fiber.join(running)
        yield* close
        assert.strictEqual(read, total)
        assert.deepStrictEqual(
          output.messages().map((message) => message.body.msg_id as number),
          Array.from({ length: total }, (_, i) => i)
        )
      })
    )
  })

  describe("a closed stdout", () => {
    it.effect("ends the run without a defect, though stdin goes on", () => {
      const logs = LogRecorder.make()
      return Effect.gen(function* () {
        const { close, transport } = yield* open({
          stdin: Stream.concat(textInput(line(request(1))), Stream.never),
          stdout: Sink.fail(brokenPipe)
        })
        yield* transport.run(transport.send)
        yield* transport.send(request(2))
        yield* close
        assert.isTrue(logs.entries.some(({ text }) => text.includes("stdout")))
      }).pipe(Effect.provide(logs.layer))
    })

    it.effect("lets go of everyone who waits to send", () =>
      Effect.gen(function* () {
        const breaks = yield* Deferred.make<void>()
        const { close, transport } = yield* open({
          stdin: Stream.never,
          stdout: Sink.forEach(() => Effect.andThen(Deferred.await(breaks), Effect.fail(brokenPipe)))
        })
        const running = yield* Effect.forkChild(transport.run(() => Effect.void))
        const senders = yield* Effect.forkChild(
          Effect.forEach(
            Array.from({ length: 20_000 }, (_, i) => request(i)),
            transport.send
          )
        )
        yield* settle
        assert.isUndefined(senders.pollUnsafe())
        yield* Deferred.succeed(breaks, undefined)
        yield* Fiber.join(senders)
        yield* Fiber.join(running)
        yield* close
      })
    )

    it.effect("that breaks in the middle ends the run after what it took", () =>
      Effect.gen(function* () {
        const output = recording()
        const { transport } = yield* open({
          stdin: Stream.concat(
            Stream.tap(
              textInput(line(request(1)), line(request(2)), line(request(3))).pipe(Stream.rechunk(1)),
              () => settle
            ),
            Stream.never
          ),
          stdout: Sink.forEach((piece: string | Uint8Array) => {
            if (String(piece).includes(`"msg_id":2`)) {
              return Effect.fail(brokenPipe)
            }
            return Effect.sync(() => output.record(piece))
          })
        })
        yield* transport.run(transport.send)
        assert.deepStrictEqual<unknown>(output.messages(), [request(1)])
      })
    )
  })
})
