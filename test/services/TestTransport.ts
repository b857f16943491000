import { type Cause, Deferred, Effect, Layer, Queue, type Scope, Stream } from "effect"
import type { Body, Message } from "../../src/protocol/Message.ts"
import { MessageId } from "../../src/protocol/MessageId.ts"
import { NodeId } from "../../src/protocol/NodeId.ts"
import { Transport } from "../../src/services/Transport.ts"

/** What a test writes as a body. */
export interface TestBody {
  readonly type: string
  readonly [key: string]: unknown
}

/** Answers what a node sends to a service or a peer: a reply's body, or undefined for none. */
export type TestPeer = (message: Message) => Effect.Effect<TestBody | undefined>

/** A transport without a wire: a test is the network, and the other nodes, and the services. */
export interface TestTransport {
  readonly layer: Layer.Layer<Transport>

  /** Everything that the node has sent. */
  readonly sent: ReadonlyArray<Message>

  /** The next message that the node sends, of those that were not taken before. Those to a peer are not among them. */
  readonly take: Effect.Effect<Message>

  /** Brings a message to the node. */
  deliver(src: string, dest: string, body: TestBody): Effect.Effect<void>

  /** Brings a request with a fresh id to the node and waits for the body that answers it. */
  request(src: string, dest: string, body: TestBody): Effect.Effect<Body>

  /** Nothing more comes in. */
  readonly end: Effect.Effect<void>
}

/** Starts with nothing sent. What the node sends to one of `peers` is answered by it, in a fiber of the scope. */
export const make = Effect.fnUntraced(function* (
  peers: { readonly [name: string]: TestPeer } = {}
): Effect.fn.Return<TestTransport, never, Scope.Scope> {
  const scope = yield* Effect.scope
  const incoming = yield* Queue.unbounded<Message, Cause.Done>()
  const outgoing = yield* Queue.unbounded<Message>()
  const sent: Array<Message> = []
  const waiting = new Map<string, Deferred.Deferred<Body>>()
  let lastId = 1000

  const deliver: TestTransport["deliver"] = (src, dest, body) =>
    Effect.asVoid(
      Queue.offer(incoming, throughJson({ src: NodeId.make(src), dest: NodeId.make(dest), body: body as Body }))
    )

  const answer = Effect.fnUntraced(function* (peer: TestPeer, message: Message) {
    const body = yield* peer(message)
    if (body === undefined) {
      return
    }
    yield* deliver(message.dest, message.src, { in_reply_to: message.body.msg_id, ...body })
  })

  const transport = Transport.of({
    run: (onMessage) => Stream.runForEach(Stream.fromQueue(incoming), onMessage),
    send: Effect.fnUntraced(function* (original) {
      const message = throughJson(original)
      sent.push(message)
      const peer = peers[message.dest]
      if (peer !== undefined) {
        return yield* Effect.asVoid(Effect.forkIn(answer(peer, message), scope))
      }
      const request = waiting.get(`${message.dest} ${message.body.in_reply_to}`)
      if (request !== undefined) {
        yield* Deferred.succeed(request, message.body)
      }
      yield* Queue.offer(outgoing, message)
    })
  })

  return {
    layer: Layer.succeed(Transport, transport),
    sent,
    take: Queue.take(outgoing),
    deliver,
    request: Effect.fnUntraced(function* (src, dest, body) {
      const id = MessageId.make(++lastId)
      const reply = yield* Deferred.make<Body>()
      waiting.set(`${src} ${id}`, reply)
      yield* deliver(src, dest, { ...body, msg_id: id })
      return yield* Deferred.await(reply)
    }),
    end: Effect.asVoid(Queue.end(incoming))
  }
})

/** Lets every fiber run that can, without any time passing. */
export const settle: Effect.Effect<void> = Effect.repeat(Effect.yieldNow, { times: 50 }).pipe(Effect.asVoid)

/** What a message is at the other end of a wire. */
const throughJson = (message: Message): Message => JSON.parse(JSON.stringify(message)) as Message
