/**
 * Carries messages to a node and from it: over stdin and stdout, a simulated network, or a test.
 */
import { Array, Cause, Context, Effect, Exit, Fiber, Layer, Queue, Result, Schema, Stdio, Stream } from "effect"
import { excerpt } from "../protocol/Excerpt.ts"
import { explain } from "../protocol/Malformed.ts"
import { Message } from "../protocol/Message.ts"

/**
 * What carries a node's messages, of which the node itself knows nothing: a behaviour uses `Node`, and only
 * `NodeProgram.run` uses this. Provide another one to run a node elsewhere.
 *
 * ```ts
 * Effect.provide(NodeProgram.run(layer), Layer.provide(Transport.layerStdio, NodeStdio.layer))
 * ```
 */
export class Transport extends Context.Service<
  Transport,
  {
    /**
     * Passes on every message that comes in, one after another, and ends when there are no more to come. A transport is
     * run once.
     */
    run<R>(onMessage: (message: Message) => Effect.Effect<void, never, R>): Effect.Effect<void, never, R>

    /** Sends a message. It may wait while the other side is slow to take what was sent before. */
    send(message: Message): Effect.Effect<void>
  }
>()("glomers/services/Transport") {
  /**
   * Lines of JSON on stdin and stdout, as Maelstrom speaks to a node.
   *
   * Lines may be cut anywhere on their way in, also within a character, and be of any length. What is no message is
   * logged and dropped. Everything that piles up while stdout is busy leaves in one write; when too much has piled up,
   * stdin is not read until there is room again. Closing the layer's scope first writes what is still waiting.
   */
  static readonly layerStdio = Layer.effect(
    Transport,
    Effect.gen(function* () {
      const stdio = yield* Stdio.Stdio
      const outgoing = yield* Queue.bounded<string, Cause.Done>(outgoingLimit)

      const writer = yield* Stream.fromQueue(outgoing).pipe(
        Stream.mapArray(joinLines),
        Stream.run(stdio.stdout({ endOnDone: true })),
        Effect.catch((error) =>
          Effect.logWarning("stdout is closed, replies can no longer be sent", error.message).pipe(ofTransport)
        ),
        Effect.ensuring(Queue.shutdown(outgoing)),
        Effect.forkDetach
      )
      yield* Effect.addFinalizer(() => Queue.end(outgoing).pipe(Effect.andThen(Fiber.await(writer))))

      return Transport.of({
        run: (onMessage) =>
          stdio.stdin.pipe(
            Stream.decodeText(),
            Stream.splitLines,
            Stream.runForEachArray((lines) =>
              Effect.forEach(
                lines,
                (line) => {
                  const message = decodeLine(line)
                  return Exit.isSuccess(message) ? onMessage(message.value) : dropLine(line, message.cause)
                },
                { discard: true }
              ).pipe(
                // An empty piece of output waits for its turn like any other: no further input before there is room.
                Effect.andThen(Queue.offer(outgoing, ""))
              )
            ),
            Effect.catch((error) => Effect.logError("stdin cannot be read", error.message).pipe(ofTransport)),
            Effect.raceFirst(Fiber.await(writer))
          ),
        send: (message) => Effect.asVoid(Queue.offer(outgoing, encodeLine(message)))
      })
    })
  )
}

/** The most messages that wait for stdout before their senders have to. */
const outgoingLimit = 8192

/** About how many characters go into one write, so that a long backlog of long lines still fits into a string. */
const writeSize = 1 << 20

const decodeMessage = Schema.decodeUnknownExit(Message)

/** Parsing and decoding apart take half the time of `Schema.fromJsonString`, on the path of every message. */
const decodeLine = (line: string): Exit.Exit<Message, unknown> => {
  const json = Result.try((): unknown => JSON.parse(line))
  return Result.isSuccess(json) ? decodeMessage(json.success) : Exit.fail("not JSON")
}

const encodeLine = (message: Message): string => `${JSON.stringify(message)}\n`

const joinLines = (lines: ReadonlyArray<string>): Array.NonEmptyReadonlyArray<string> => {
  const writes: Array.NonEmptyArray<string> = [""]
  for (const line of lines) {
    const last = writes.length - 1
    if (writes[last]!.length >= writeSize) {
      writes.push(line)
    } else {
      writes[last] += line
    }
  }
  return writes
}

const dropLine = (line: string, cause: Cause.Cause<unknown>) =>
  Effect.logWarning("Dropped a line that is not a message", {
    reason: explain(Cause.squash(cause)),
    line: excerpt(line)
  }).pipe(ofTransport)

const ofTransport = Effect.annotateLogs({ component: "Transport" })
