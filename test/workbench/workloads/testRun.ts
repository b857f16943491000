import { Duration, Effect } from "effect"
import { NodeId } from "../../../src/protocol/NodeId.ts"
import type { AnyRpc, Reply, Request } from "../../../src/protocol/Rpc.ts"
import { NotSupported } from "../../../src/protocol/RpcError.ts"
import type { CallError, Connection } from "../../../src/workbench/clients/Connection.ts"
import type { Operation, OperationType } from "../../../src/workbench/history/Operation.ts"
import * as Seeds from "../../../src/workbench/simulation/Seeds.ts"
import type {
  AnyWorkload,
  Generator,
  Invocation,
  WorkloadClient,
  WorkloadOptions
} from "../../../src/workbench/workloads/Workload.ts"

export const options: WorkloadOptions = {
  nodeIds: [NodeId.make("n0")],
  concurrency: 4,
  topology: { n0: [] },
  keyCount: undefined,
  maxTxnLength: 4,
  maxWritesPerKey: 16,
  rate: 200
}

/** How a node answers one type of request. */
export interface Answer {
  readonly type: string
  readonly answer: (request: unknown) => Effect.Effect<unknown, CallError>
}

export const answering = <R extends AnyRpc>(
  rpc: R,
  answer: (request: Request<R>) => Effect.Effect<Reply<R>, CallError>
): Answer => ({ type: rpc.type, answer })

/** A node that answers at once. `calls` lists what it was asked, in order. */
export const testNode = (...answers: ReadonlyArray<Answer>) => {
  const calls: Array<readonly [type: string, request: unknown]> = []
  const connection: Connection = {
    id: NodeId.make("c1"),
    node: NodeId.make("n0"),
    call: <R extends AnyRpc>(rpc: R, request: Request<R>) => {
      calls.push([rpc.type, request])
      const answer = answers.find(({ type }) => type === rpc.type)
      return answer === undefined
        ? Effect.fail(new NotSupported({ text: rpc.type }))
        : (answer.answer(request) as Effect.Effect<Reply<R>, CallError>)
    }
  }
  return { connection, calls }
}

/** Carries out operations with one client and gives what became of each. */
export const invokeAll = (workload: AnyWorkload, connection: Connection, operations: ReadonlyArray<Invocation>) => {
  const client: WorkloadClient = workload.client(connection, options)
  return Effect.forEach(operations, (operation) =>
    Effect.catch(client.invoke(operation), (error) => Effect.succeed(workload.onError(operation, error)))
  )
}

/** The first operations of a workload. */
export const take = (workload: AnyWorkload, count: number, settings: Partial<WorkloadOptions> = {}, seed = "0") => {
  const generator: Generator = workload.generator({ ...options, ...settings }, Seeds.random(seed, "generator"))
  return Array.from({ length: count }, (_, index) => generator.next(index % options.concurrency)!)
}

export interface Run {
  readonly workload: AnyWorkload
  readonly connection: Connection
  /** How many operations the main phase has. */
  readonly operations: number
  readonly settings?: Partial<WorkloadOptions>
  readonly seed?: string
}

/** A whole test, one operation after the other. Operations take a millisecond. */
export const run = Effect.fnUntraced(function* ({ connection, operations, seed = "0", settings, workload }: Run) {
  const all = { ...options, ...settings }
  const random = Seeds.random(seed, "run")
  const history: Array<Operation> = []
  const open = (): WorkloadClient => workload.client(connection, all)
  const threads = Array.from({ length: all.concurrency }, (_, index) => ({ index, process: index, client: open() }))
  let nanos = 0

  const record = (thread: { readonly process: number }, type: OperationType, entry: Invocation): Operation => {
    const { f, value, ...more } = entry
    history.push({ index: history.length, time: nanos, type, process: thread.process, f, value, ...more })
    return history.at(-1)!
  }
  const step = Effect.fnUntraced(function* (generator: Generator, thread: (typeof threads)[number]) {
    const invocation = generator.next(thread.index)
    if (invocation === undefined) {
      return false
    }
    const beginning = record(thread, "invoke", invocation)
    generator.observe?.(beginning)
    nanos += 1e6
    const { type, ...changes } = yield* Effect.catch(thread.client.invoke(invocation), (error) =>
      Effect.succeed(workload.onError(invocation, error))
    )
    const completion = record(thread, type, { ...invocation, ...changes })
    if (type === "info") {
      thread.process += all.concurrency
      thread.client = open()
    }
    generator.observe?.(completion)
    return true
  })

  const main = workload.generator(all, Seeds.random(seed, "generator"))
  for (let count = 0; count < operations; count++) {
    nanos += Math.round((2e9 / all.rate) * random.nextDoubleUnsafe())
    yield* step(main, threads[Math.floor(random.nextDoubleUnsafe() * all.concurrency)]!)
  }

  const mainEntries = history.length
  const final = workload.finalGenerator?.(all, main, Seeds.random(seed, "final generator"))
  for (const thread of final === undefined ? [] : threads) {
    const generator = final!(thread.index)
    const end = nanos + Duration.toSeconds(workload.finalTimeLimit ?? Duration.infinity) * 1e9
    do {
      nanos += Math.round(Duration.toSeconds(generator.pause?.() ?? Duration.zero) * 1e9)
    } while (nanos < end && (yield* step(generator, thread)))
  }
  return { history, main: history.slice(0, mainEntries), final: history.slice(mainEntries) }
})

/**
 * For every kind of entry the keys that it may have: `ok assign` → `f index process time type value`. `committed` is
 * left out, since Maelstrom does not record it.
 */
export const shape = (history: ReadonlyArray<Operation>): { readonly [kind: string]: ReadonlyArray<string> } => {
  const kinds = new Map<string, Set<string>>()
  for (const operation of history) {
    if (operation.process !== "nemesis") {
      const kind = `${operation.type} ${operation.f}`
      const keys = kinds.get(kind) ?? new Set()
      kinds.set(kind, keys)
      keys.add(
        Object.keys(operation)
          .filter((key) => key !== "committed")
          .toSorted()
          .join(" ")
      )
    }
  }
  return Object.fromEntries([...kinds].map(([kind, keys]) => [kind, [...keys].toSorted()]))
}
