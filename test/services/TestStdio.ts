import { Context, Effect, Exit, Layer, Scope, Sink, Stdio, Stream } from "effect"
import { type PlatformError, systemError } from "effect/PlatformError"
import type { Message } from "../../src/protocol/Message.ts"
import { MessageId } from "../../src/protocol/MessageId.ts"
import { NodeId } from "../../src/protocol/NodeId.ts"
import { Transport } from "../../src/services/Transport.ts"

interface Pipes {
  readonly stdin?: Stream.Stream<Uint8Array, PlatformError>
  readonly stdout?: Sink.Sink<void, string | Uint8Array, never, PlatformError>
}

const layer = ({ stdin = Stream.empty, stdout = Sink.drain }: Pipes) =>
  Transport.layerStdio.pipe(Layer.provide(Stdio.layerTest({ stdin, stdout: () => stdout })))

/** A transport on these pipes, which closes with the test's scope if not before. */
export const open = Effect.fnUntraced(function* (pipes: Pipes) {
  const scope = yield* Scope.make()
  const close = Scope.close(scope, Exit.void)
  yield* Effect.addFinalizer(() => close)
  const context = yield* Layer.buildWithScope(layer(pipes), scope)
  return { transport: Context.get(context, Transport), close }
})

/** A stdout that remembers each write. */
export const recording = () => {
  const writes: Array<string> = []
  const record = (piece: string | Uint8Array) => void writes.push(String(piece))
  return {
    writes,
    record,
    stdout: Sink.forEach((piece: string | Uint8Array) => Effect.sync(() => record(piece))),
    messages: () =>
      writes
        .join("")
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Message)
  }
}

/** What a text is in UTF-8. */
export const bytes = (text: string) => new TextEncoder().encode(text)

/** A stdin from which these texts come, each at once. */
export const textInput = (...texts: ReadonlyArray<string>) => Stream.fromIterable(texts.map(bytes))

/** An echo request from `c1` to `n1`. */
export const request = (id: number, echo: string = ""): Message => ({
  src: NodeId.make("c1"),
  dest: NodeId.make("n1"),
  body: { type: "echo", msg_id: MessageId.make(id), echo }
})

/** A message as it is written. */
export const line = (message: Message) => `${JSON.stringify(message)}\n`

/** What the platform says when nobody reads stdout any more. */
export const brokenPipe = systemError({ _tag: "BadResource", module: "Stdio", method: "stdout", description: "EPIPE" })
