/**
 * Transactions in one order for the whole cluster, through one value in `lin-kv`: the root, which holds what the latest
 * batches of transactions wrote, and names the pages into which those before them were merged.
 *
 * A node runs its transactions on its copy of the registers, and adds what they wrote to the root by compare-and-set.
 * That holds only if nobody came in between; otherwise the node catches up and runs them again. So transactions are
 * strictly serializable: each takes place at the moment of its compare-and-set, and those that only read at the moment
 * when the root is read. It needs the store, and all transactions of the cluster pass through one key: each node
 * therefore has one attempt under way at most, with all the transactions that have gathered meanwhile.
 *
 * A compare-and-set that was refused has taken place nevertheless if the network brought it to the store twice, and one
 * that goes unanswered may have: the root tells, since every batch in it has its name. From the same root it may be
 * repeated, as it takes place once at most.
 *
 * Pages are checkpoints, values of bounded size that never change. A node that starts anew reads the root and then all
 * pages at once, so that it is back after two round trips and what is lost of them.
 *
 * The design is that of the Datomic chapter in Maelstrom's guide, with checkpoints for its chain of thunks.
 */
import { Effect, MutableHashMap, Option, Schedule, Schema } from "effect"
import type { RpcError } from "../../protocol/RpcError.ts"
import { type MicroOperation, Txn } from "../../protocol/Txn.ts"
import * as GroupCommit from "../../services/GroupCommit.ts"
import { LinKv } from "../../services/Kv.ts"
import * as IdGenerator from "../../services/IdGenerator.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as Policy from "../../services/Policy.ts"
import { mayAbort } from "./AbortRate.ts"
import * as Registers from "./Registers.ts"

/** The node: strictly serializable, and unavailable where `lin-kv` cannot be reached. */
export const layer: NodeLayer = Txn.toLayer(
  Effect.gen(function* () {
    const kv = yield* LinKv
    const roots = kv.collection({ key: Schema.String, value: Root })
    const pages = kv.collection({ key: Schema.String, value: Page })
    const nextId = yield* IdGenerator.make

    const registers = Registers.make<number>((a, b) => a - b)
    /** The root that the registers are at; at first none. */
    let root = noRoot
    let isCaughtUp = false
    /** The last page that was read or written. */
    let held: { readonly name: string; readonly page: Page } | undefined

    const readPage = (name: string) =>
      Effect.suspend(() =>
        held?.name === name ? Effect.succeed(held.page) : Policy.retryForever(pages.read(name))
      ).pipe(Effect.tap((page) => Effect.sync(() => (held = { name, page }))))

    /** Brings the registers to a newer root. The names of all batches that came in between, and of some before. */
    const catchUpTo = Effect.fnUntraced(function* (newest: Root) {
      const applied = countOf(root)
      const missing = newest.pages.filter(({ until }) => until > applied)
      const read = yield* Effect.forEach(missing, ({ name }) => readPage(name), { concurrency: "unbounded" })
      for (const [index, { writes }] of read.entries()) {
        registers.apply(writes, missing[index]!.until)
      }
      const first = foldedInto(newest)
      for (const [index, { writes }] of newest.batches.entries()) {
        registers.apply(writes, first + index + 1)
      }
      root = newest
      return [...read.flatMap(({ names }) => names), ...newest.batches.map(({ name }) => name)]
    })

    const catchUp = Effect.gen(function* () {
      const names = yield* catchUpTo(Option.getOrElse(yield* roots.readOption(rootKey), () => noRoot))
      isCaughtUp = true
      return names
    })

    /** The root with one more batch. If that makes too many, the first half of them goes into a page. */
    const extended = Effect.fnUntraced(function* (batch: Batch): Effect.fn.Return<Root, RpcError> {
      const batches = [...root.batches, batch]
      if (batches.length <= mostBatches) {
        return { ...root, batches }
      }
      const last = root.pages.at(-1)
      const lastPage = last === undefined ? undefined : yield* readPage(last.name)
      const grown = lastPage !== undefined && lastPage.names.length < fullPage && lastPage.writes.length < fullPage
      const folded = batches.splice(0, mostBatches / 2)
      const page = {
        names: [...(grown ? lastPage.names : []), ...folded.map(({ name }) => name)],
        writes: lastOfEach([...(grown ? lastPage.writes : []), ...folded.flatMap(({ writes }) => writes)])
      }
      const name = nextId()
      yield* pages.write(name, page)
      held = { name, page }
      const until = foldedInto(root) + folded.length
      return { pages: [...root.pages.slice(0, grown ? -1 : undefined), { name, until }], batches }
    })

    const attempt = Effect.fnUntraced(function* (name: string, txns: ReadonlyArray<ReadonlyArray<MicroOperation>>) {
      if (!isCaughtUp) {
        yield* catchUp
      }
      const { completed, writes } = registers.execute(txns)
      const before = root
      if (writes.length === 0) {
        yield* catchUp
        return before === root ? completed : registers.execute(txns).completed
      }
      const after = yield* extended({ name, writes })
      yield* (before === noRoot ? roots.createIfNotExists(rootKey, after) : roots.cas(rootKey, before, after)).pipe(
        Effect.andThen(catchUpTo(after)),
        Effect.catch((error) =>
          Effect.flatMap(catchUp, (names) => (names.includes(name) ? Effect.void : Effect.fail(error)))
        )
      )
      return completed
    })

    const transactions = yield* GroupCommit.make({
      run: (txns: ReadonlyArray<ReadonlyArray<MicroOperation>>) =>
        Effect.suspend(() => {
          const name = nextId()
          return Effect.retry(attempt(name, txns), soon)
        })
    })

    return {
      txn: Effect.fnUntraced(function* ({ txn }) {
        if (txn.some(([f]) => f === "w")) {
          yield* mayAbort
        }
        return { txn: yield* transactions.submit(txn) }
      })
    }
  })
)

/** What the transactions of a batch wrote. */
const Batch = Schema.Struct({ name: Schema.String, writes: Registers.Writes })
type Batch = typeof Batch.Type

/** Batches as one: their names, and the last value of every key that they wrote. */
const Page = Schema.Struct({ names: Schema.Array(Schema.String), writes: Registers.Writes })
type Page = typeof Page.Type

/**
 * The latest batches, and the pages with those before: each with how many batches, from the first of all, it and the
 * pages before it hold.
 */
const Root = Schema.Struct({
  pages: Schema.Array(Schema.Struct({ name: Schema.String, until: Schema.Int })),
  batches: Schema.Array(Batch)
})
type Root = typeof Root.Type

/** What is there before the first batch. */
const noRoot: Root = { pages: [], batches: [] }

/** How many batches went into pages. */
const foldedInto = (root: Root) => root.pages.at(-1)?.until ?? 0

/** How many batches there were. */
const countOf = (root: Root) => foldedInto(root) + root.batches.length

/** The last write of each key. */
const lastOfEach = (writes: Registers.Writes): Registers.Writes => [...MutableHashMap.fromIterable(writes)]

/** The key of the root. */
const rootKey = "root"

/** The most batches in a root, and how many of them, or of their writes, make a page full. */
const mostBatches = 16
const fullPage = 512

/**
 * When to try again after another node was first, or the store was silent: at once or nearly so, since the other will
 * be back within milliseconds, and who backs off as others would starves.
 */
const repeatable: ReadonlySet<RpcError["_tag"]> = new Set(["PreconditionFailed", "KeyAlreadyExists", "Timeout"])
const soon = Schedule.spaced("1 millis").pipe(
  Schedule.jittered,
  Schedule.upTo({ duration: "4 seconds" }),
  Schedule.setInputType<RpcError>(),
  Schedule.while(({ input }) => repeatable.has(input._tag))
)
