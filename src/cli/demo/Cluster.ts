/**
 * Nodes as processes, and a client and a `lin-kv` for them.
 */
import { Array, type Cause, Deferred, Effect, Queue, Schema, type Scope, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { Init } from "../../protocol/Init.ts"
import * as KeyValue from "../../protocol/KeyValue.ts"
import { Message } from "../../protocol/Message.ts"
import { NodeId } from "../../protocol/NodeId.ts"
import { KeyDoesNotExist, PreconditionFailed } from "../../protocol/RpcError.ts"
import * as Handlers from "../../services/Handlers.ts"
import * as Node from "../../services/Node.ts"
import * as PendingCalls from "../../services/PendingCalls.ts"
import { Transport } from "../../services/Transport.ts"
import { CannotRun } from "../CannotRun.ts"

/** Who asks the nodes. */
export interface Client {
  /** The nodes that there are. */
  readonly nodeIds: Array.NonEmptyReadonlyArray<NodeId>
  /** Sends a request to a node and waits for its reply. */
  readonly call: Node.Node["Service"]["call"]
}

/** A node's process ended early, with an exit code other than 0, or wrote something that is no message. */
export class BrokenNode extends Schema.TaggedError<BrokenNode>()("BrokenNode", { text: Schema.String }) {
  override readonly message = this.text
}

/**
 * Starts a challenge's nodes, initialises them, hands them to `body`, and closes their stdin, on which they have to end
 * by themselves.
 */
export const use = Effect.fn("Cluster.use")(function* <A, E>(
  challenge: string,
  strategy: string,
  nodeCount: number,
  body: (client: Client) => Effect.Effect<A, E>
) {
  const nodeIds = Array.makeBy(nodeCount, (i) => NodeId.make(`n${i}`))
  const broken = yield* Deferred.make<never, BrokenNode>()
  const inputs = new Map<string, Queue.Queue<string, Cause.Done>>()
  const calls = PendingCalls.make()

  const deliver = (message: Message): Effect.Effect<void> => {
    const input = inputs.get(message.dest)
    if (input !== undefined) return Effect.asVoid(Queue.offer(input, `${JSON.stringify(message)}\n`))
    const { in_reply_to } = message.body
    return in_reply_to === undefined ? linKv.dispatch(message) : calls.complete(in_reply_to, message.body)
  }
  const transport = Transport.of({ send: deliver, run: () => Effect.never })
  const linKv = yield* makeLinKv(transport)

  const start = Effect.fnUntraced(function* (id: NodeId) {
    const input = yield* Queue.unbounded<string, Cause.Done>()
    inputs.set(id, input)
    const node = yield* ChildProcess.make(
      process.execPath,
      [process.argv[1]!, "node", challenge, "--strategy", strategy],
      { stdin: Stream.encodeText(Stream.fromQueue(input)), stderr: "inherit" }
    ).pipe(Effect.mapError((error) => new CannotRun({ text: error.message })))
    yield* node.stdout.pipe(
      Stream.decodeText(),
      Stream.splitLines,
      Stream.mapEffect((line) => decodeLine(line)),
      Stream.runForEach(deliver),
      Effect.matchEffect({
        onFailure: (error) => Deferred.fail(broken, new BrokenNode({ text: `${id}: ${error.message}` })),
        onSuccess: () => Deferred.fail(broken, new BrokenNode({ text: `${id} ended early` }))
      }),
      Effect.forkScoped
    )
    const stop = Queue.end(input).pipe(
      Effect.andThen(node.exitCode),
      Effect.timeout("10 seconds"),
      Effect.filterOrFail((code) => code === 0),
      Effect.mapError(() => new BrokenNode({ text: `${id} did not end well` }))
    )
    return { stop }
  })

  const nodes = yield* Effect.forEach(nodeIds, start)
  const client = Node.make({ node_id: NodeId.make("c1"), node_ids: nodeIds }, { calls, handlers: linKv, transport })
  return yield* Effect.forEach(nodeIds, (id) => client.call(Init, id, { node_id: id, node_ids: nodeIds }), {
    concurrency: "unbounded"
  }).pipe(
    Effect.andThen(body({ nodeIds, call: client.call })),
    Effect.raceFirst(Deferred.await(broken)),
    Effect.tap(Effect.forEach(nodes, ({ stop }) => stop, { concurrency: "unbounded" }))
  )
}, Effect.scoped)

const decodeLine = Schema.decodeUnknownEffect(Schema.fromJsonString(Message))

const makeLinKv = Effect.fnUntraced(function* (
  transport: Transport["Service"]
): Effect.fn.Return<Handlers.Handlers, never, Scope.Scope> {
  const handlers = yield* Handlers.make(transport)
  const store = new Map<string, Schema.Json>()
  yield* handlers.add(KeyValue.Read, ({ key }) => {
    const value = store.get(JSON.stringify(key))
    return value === undefined ? Effect.fail(new KeyDoesNotExist({ text: "not found" })) : Effect.succeed({ value })
  })
  yield* handlers.add(KeyValue.Cas, ({ key, from, to, create_if_not_exists }) =>
    Effect.gen(function* () {
      const name = JSON.stringify(key)
      const current = store.get(name)
      if (current === undefined && create_if_not_exists !== true) {
        return yield* new KeyDoesNotExist({ text: "not found" })
      }
      if (current !== undefined && JSON.stringify(current) !== JSON.stringify(from)) {
        return yield* new PreconditionFailed({ text: `current value is not ${JSON.stringify(from)}` })
      }
      store.set(name, to)
      return {}
    })
  )
  return handlers
})
