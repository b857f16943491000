/**
 * Key-value stores: the services that Maelstrom offers to nodes. One interface, three consistency models:
 *
 * - {@link LinKv}: every operation takes place at one instant between its request and its reply.
 * - {@link SeqKv}: all operations have one order in which each client's own are as it sent them; what a client reads
 *   may be arbitrarily old, until it writes.
 * - {@link LwwKv}: replicas that are merged now and then; the last write of a key wins, others are lost.
 *
 * From Maelstrom's `doc/services.md`; `update` after zio-maelstrom's `KvService.update`.
 */
import { Context, Effect, Layer, Option, Result, Schema, type Schedule } from "effect"
import * as KeyValue from "../protocol/KeyValue.ts"
import { explain } from "../protocol/Malformed.ts"
import { NodeId } from "../protocol/NodeId.ts"
import { Crash, KeyAlreadyExists, type PreconditionFailed, type RpcError } from "../protocol/RpcError.ts"
import { Node } from "./Node.ts"
import * as Policy from "./Policy.ts"
import * as Tracing from "./Tracing.ts"

/**
 * The linearizable store, `lin-kv`: what is read is what was written last. For what nodes have to agree on, such as who
 * appended first, by compare-and-set.
 *
 * ```ts
 * const logs = (yield* LinKv).collection({ key: Schema.String, value: Schema.Array(Schema.Int) })
 * yield* logs.update("k", Option.match({ onNone: () => [1], onSome: (log) => [...log, 1] }))
 * ```
 */
export class LinKv extends Context.Service<LinKv, Kv>()("glomers/services/Kv/LinKv") {
  static readonly layer = Layer.effect(
    LinKv,
    Effect.suspend(() => make("lin-kv"))
  )
}

/**
 * The sequentially consistent store, `seq-kv`: a node that has not written lately may read the past for ever. For what
 * one node writes and others may learn later; who has to read what is newest writes something first.
 *
 * ```ts
 * const totals = (yield* SeqKv).collection({ key: NodeId, value: Schema.Int })
 * yield* totals.write(node.id, 42)
 * const theirs = yield* totals.readOption(peer)
 * ```
 */
export class SeqKv extends Context.Service<SeqKv, Kv>()("glomers/services/Kv/SeqKv") {
  static readonly layer = Layer.effect(
    SeqKv,
    Effect.suspend(() => make("seq-kv"))
  )
}

/**
 * The store in which the last writer wins, `lww-kv`: a write that was acknowledged may be lost to a concurrent one. For
 * what may be lost, or has one writer.
 */
export class LwwKv extends Context.Service<LwwKv, Kv>()("glomers/services/Kv/LwwKv") {
  static readonly layer = Layer.effect(
    LwwKv,
    Effect.suspend(() => make("lww-kv"))
  )
}

/** A key-value service. */
export interface Kv {
  /** The part of the store whose keys and values have these schemas. */
  collection<K, V>(schemas: {
    readonly key: Schema.Codec<K, Schema.Json>
    readonly value: Schema.Codec<V, Schema.Json>
  }): Collection<K, V>
}

/**
 * Keys of one type with values of one type.
 *
 * Every operation may fail with what {@link Node.call} fails with. After an indefinite error (`Timeout`, `Crash`) a
 * write may have taken place, may yet, or never will. A stored value that does not fit the schema is a `Crash`.
 */
export interface Collection<K, V> {
  /** The value of a key. Fails with `KeyDoesNotExist`. Repeated under `Policy.Resend` and `Policy.ReadRetry`. */
  read(key: K): Effect.Effect<V, RpcError>

  /** The value of a key, if it has one. Repeated like {@link read}. */
  readOption(key: K): Effect.Effect<Option.Option<V>, RpcError>

  /**
   * Sets the value of a key. Not repeated, unless its caller says that it is idempotent: a late duplicate could undo
   * what others wrote since.
   */
  write(key: K, value: V): Effect.Effect<void, RpcError>

  /** Sets the value of a key if it is `from`; fails with `PreconditionFailed` or `KeyDoesNotExist` otherwise. */
  cas(key: K, from: V, to: V): Effect.Effect<void, RpcError>

  /** Sets the value of a key that has none. Fails with `KeyAlreadyExists` if it has another value than this one. */
  createIfNotExists(key: K, value: V): Effect.Effect<void, RpcError>

  /**
   * Reads a key, computes its next value (from `None` if it has none), and stores it if nobody came in between;
   * otherwise starts over, under `schedule` or else `Policy.UpdateRetry`. Returns the value that it stored. Fails at
   * once with an indefinite error, since the update may then have taken place.
   */
  update(
    key: K,
    f: (current: Option.Option<V>) => V,
    schedule?: Schedule.Schedule<unknown, RpcError>
  ): Effect.Effect<V, RpcError>

  /** Like `update`, where the next value may be refused: with an error that no schedule repeats, such as `Abort`. */
  updateEffect(
    key: K,
    f: (current: Option.Option<V>) => Effect.Effect<V, RpcError>,
    schedule?: Schedule.Schedule<unknown, RpcError>
  ): Effect.Effect<V, RpcError>
}

const make = Effect.fnUntraced(function* (service: string): Effect.fn.Return<Kv, never, Node> {
  const node = yield* Node
  const dest = NodeId.make(service)
  return { collection: (schemas) => makeCollection(node, dest, schemas.key, schemas.value) }
})

const makeCollection = <K, V>(
  node: Node["Service"],
  service: NodeId,
  keySchema: Schema.Codec<K, Schema.Json>,
  valueSchema: Schema.Codec<V, Schema.Json>
): Collection<K, V> => {
  const encodeKey = Schema.encodeSync(keySchema)
  const encodeValue = Schema.encodeSync(valueSchema)
  const decodeValue = Schema.decodeUnknownResult(valueSchema)

  const readOnce = Effect.fnUntraced(function* (key: K) {
    const { value } = yield* node.call(KeyValue.Read, service, { key: encodeKey(key) })
    const decoded = decodeValue(value)
    return Result.isSuccess(decoded)
      ? decoded.success
      : yield* new Crash({ text: `unexpected value in ${service}: ${explain(decoded.failure)}`, details: { value } })
  })

  const read: Collection<K, V>["read"] = Effect.fnUntraced(function* (key: K) {
    const retry = yield* Policy.ReadRetry
    return yield* Effect.retry(Policy.idempotent(readOnce(key)), retry)
  })

  const readOption: Collection<K, V>["readOption"] = (key) =>
    read(key).pipe(
      Effect.asSome,
      Effect.catchTag("KeyDoesNotExist", () => Effect.succeedNone)
    )

  const cas: Collection<K, V>["cas"] = (key, from, to) =>
    Effect.asVoid(
      node.call(KeyValue.Cas, service, { key: encodeKey(key), from: encodeValue(from), to: encodeValue(to) })
    )

  const createIfNotExists: Collection<K, V>["createIfNotExists"] = (key, value) => {
    const encoded = encodeValue(value)
    return node
      .call(KeyValue.Cas, service, { key: encodeKey(key), from: encoded, to: encoded, create_if_not_exists: true })
      .pipe(
        Effect.catchTag("PreconditionFailed", (error: PreconditionFailed) =>
          Effect.fail(new KeyAlreadyExists({ text: error.text }))
        ),
        Effect.asVoid
      )
  }

  // Unlike `createIfNotExists` it also fails where the key has this very value: another update stored it, not this one.
  const createNew = (key: K, value: V) =>
    node.call(KeyValue.Cas, service, {
      key: encodeKey(key),
      from: neverStored,
      to: encodeValue(value),
      create_if_not_exists: true
    })

  const updateOnce = Effect.fnUntraced(function* (
    key: K,
    f: (current: Option.Option<V>) => Effect.Effect<V, RpcError>
  ) {
    const current = yield* readOption(key)
    const next = yield* f(current)
    yield* Option.match(current, {
      onNone: () => createNew(key, next),
      onSome: (from) => cas(key, from, next)
    })
    return next
  })

  const updateEffect: Collection<K, V>["updateEffect"] = Effect.fnUntraced(function* (key, f, schedule) {
    const retry = schedule ?? (yield* Policy.UpdateRetry)
    return yield* Effect.retry(updateOnce(key, f), retry)
  })

  const withSpan = (operation: string, key: K) =>
    Tracing.withSpan(`${service} ${operation}`, () => ({ attributes: { node: node.id, key: encodeKey(key) } }))

  return {
    read: (key) => withSpan("read", key)(read(key)),
    readOption: (key) => withSpan("read", key)(readOption(key)),
    write: (key, value) =>
      node
        .call(KeyValue.Write, service, { key: encodeKey(key), value: encodeValue(value) })
        .pipe(Effect.asVoid, withSpan("write", key)),
    cas: (key, from, to) => withSpan("cas", key)(cas(key, from, to)),
    createIfNotExists: (key, value) => withSpan("create", key)(createIfNotExists(key, value)),
    updateEffect: (key, f, schedule) => withSpan("update", key)(updateEffect(key, f, schedule)),
    update: (key, f, schedule) =>
      withSpan("update", key)(updateEffect(key, (current) => Effect.sync(() => f(current)), schedule))
  }
}

/** A value that no key has, so that a compare-and-set from it takes place only where there is no key. */
const neverStored: Schema.Json = { "glomers/services/Kv": "never stored" }
