/**
 * Group commit: gathers what comes in while the last batch is under way, and commits it as the next one.
 *
 * For what costs the same for one item as for many, and may be done by one at a time: a write to a store, a round of
 * agreement. An item waits for the batch under way and its own, and there are never more batches than the resource
 * takes.
 *
 * The name is that of databases: Gawlick and Kinkade, "Varieties of Concurrency Control in IMS/VS Fast Path" (1985).
 */
import { Deferred, Effect, Exit, Queue, type Scope, Semaphore } from "effect"

/** Items on their way into batches. */
export interface GroupCommit<A, B, E = never> {
  /** Adds an item to the next batch, and waits until that is committed; succeeds with what it has for the item. */
  submit(item: A): Effect.Effect<B, E>

  /**
   * Adds an item to the next batch at once, and gives the effect that waits for it. For an item that nobody waits for,
   * and for whoever has something else to do before waiting.
   */
  submitUnsafe(item: A): Effect.Effect<B, E>
}

/** A group commit whose batches begin when somebody says so. */
export interface OnDemand<A, B, E = never> extends GroupCommit<A, B, E> {
  /** Whether items wait for the next batch. */
  isWaiting(): boolean

  /**
   * Commits what has gathered as one batch, after the batch under way if there is one, and fails as the batch does. The
   * batch may be empty.
   */
  readonly commit: Effect.Effect<void, E>
}

/**
 * Commits batches until the scope closes, each as soon as the last is done, something has come in, and the first of
 * that has waited as long as it is to (`linger`).
 *
 * `run` commits one batch of one to `max` items, in the order in which they came, and succeeds with what each item's
 * submitter gets, in the same order. It is not interrupted when a submitter is. Whatever it ends with, a failure or a
 * defect too, all submitters of the batch end with; the next batch is not concerned.
 *
 * ```ts
 * const rows = yield* GroupCommit.make({ max: 100, run: (rows: ReadonlyArray<Row>) => insertAll(rows) })
 * const id = yield* rows.submit(row)
 * ```
 */
export const make = Effect.fnUntraced(function* <A, B, E, R>({
  linger,
  max = Number.POSITIVE_INFINITY,
  run
}: {
  /** What the first item of a batch waits for, so that others join it; for nothing if left out. */
  readonly linger?: (first: A) => Effect.Effect<void>
  readonly run: (batch: ReadonlyArray<A>) => Effect.Effect<ReadonlyArray<B>, E, R>
  readonly max?: number
}): Effect.fn.Return<GroupCommit<A, B, E>, never, R | Scope.Scope> {
  const waiting = yield* Queue.unbounded<Submission<A, B, E>>()
  const others = linger === undefined ? Effect.void : Effect.flatMap(Queue.peek(waiting), ({ item }) => linger(item))
  yield* Effect.andThen(others, Queue.takeBetween(waiting, 1, max)).pipe(
    Effect.flatMap((batch) => Effect.exit(commit(batch, run))),
    Effect.forever,
    Effect.forkScoped
  )
  return submitTo(waiting)
})

/**
 * Like {@link make}, for batches that begin when `commit` is run: on a timer, or with other work of the same resource.
 */
export const makeOnDemand = Effect.fnUntraced(function* <A, B, E, R>(
  run: (batch: ReadonlyArray<A>) => Effect.Effect<ReadonlyArray<B>, E, R>
): Effect.fn.Return<OnDemand<A, B, E>, never, R> {
  const context = yield* Effect.context<R>()
  const waiting = yield* Queue.unbounded<Submission<A, B, E>>()
  const oneAtATime = yield* Semaphore.make(1)
  return {
    ...submitTo(waiting),
    isWaiting: () => Queue.sizeUnsafe(waiting) > 0,
    commit: oneAtATime.withPermit(
      Effect.flatMap(Queue.clear(waiting), (batch) => Effect.provide(commit(batch, run), context))
    )
  }
})

/** An item, and the answer that its submitter waits for. */
interface Submission<A, B, E> {
  readonly item: A
  readonly answer: Deferred.Deferred<B, E>
}

const submitTo = <A, B, E>(waiting: Queue.Queue<Submission<A, B, E>>): GroupCommit<A, B, E> => {
  const submitUnsafe = (item: A) => {
    const answer = Deferred.makeUnsafe<B, E>()
    Queue.offerUnsafe(waiting, { item, answer })
    return Deferred.await(answer)
  }
  return { submitUnsafe, submit: (item) => Effect.suspend(() => submitUnsafe(item)) }
}

/** Runs one batch and gives every submitter its answer. */
const commit = <A, B, E, R>(
  batch: ReadonlyArray<Submission<A, B, E>>,
  run: (batch: ReadonlyArray<A>) => Effect.Effect<ReadonlyArray<B>, E, R>
): Effect.Effect<void, E, R> =>
  Effect.suspend(() => run(batch.map(({ item }) => item))).pipe(
    Effect.onExit((exit) =>
      Effect.forEach(
        batch,
        ({ answer }, index) =>
          Deferred.done(
            answer,
            Exit.map(exit, (answers) => answers[index]!)
          ),
        { discard: true }
      )
    ),
    Effect.asVoid
  )
