import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { NodeId } from "../../src/protocol/NodeId.ts"
import * as Flush from "../../src/replication/Flush.ts"
import * as Journal from "../../src/replication/Journal.ts"
import * as Topology from "../../src/replication/Topology.ts"
import { Storage } from "../../src/services/Storage.ts"
import { StorageError } from "../../src/services/storage/StorageError.ts"
import * as Cluster from "./Cluster.ts"

const itemsOf = (replica: Cluster.Replica) => replica.delivered.map(([, item]) => item).toSorted((a, b) => a - b)

const crashAll = ({ nodes, restart }: Cluster.Cluster) =>
  Effect.gen(function* () {
    yield* Effect.forEach(nodes, (node) => node.crash)
    yield* Effect.sleep("1 second")
    yield* Effect.forEach([...nodes.keys()], restart, { concurrency: "unbounded" })
  })

describe("a replica whose items are synced", () => {
  it.effect("has all that was acknowledged when all nodes crash at once, again and again", () =>
    Cluster.run({ size: 3, durability: "synced", flush: Flush.after("1 second") }, (cluster) =>
      Effect.gen(function* () {
        const acknowledged: Array<number> = []
        for (let life = 0; life < 4; life++) {
          for (let item = 0; item < 20; item++) {
            const number = 100 * life + item
            yield* cluster.append(item % 3, number)
            acknowledged.push(number)
            yield* Effect.sleep("30 millis")
          }
          yield* crashAll(cluster)
        }
        yield* Effect.sleep("5 seconds")
        for (const replica of cluster.replicas) {
          assert.deepStrictEqual(itemsOf(replica), acknowledged)
        }
      })
    )
  )

  it.effect("brings the others what it had told nobody before it crashed", () =>
    Cluster.run({ size: 3, durability: "synced", flush: Flush.after("1 minute") }, (cluster) =>
      Effect.gen(function* () {
        yield* cluster.append(0, 7)
        yield* cluster.nodes[0]!.crash
        yield* cluster.restart(0)
        yield* Effect.sleep("5 seconds")
        for (const replica of cluster.replicas) {
          assert.deepStrictEqual(itemsOf(replica), [7])
        }
      })
    )
  )

  it.effect("goes on from a checkpoint, and with no item twice, where it has noted thousands", () =>
    Cluster.run({ size: 2, durability: "synced" }, (cluster) =>
      Effect.gen(function* () {
        const all = Array.from({ length: 1_500 }, (_, item) => item)
        yield* Effect.forEach(all, (item) => cluster.append(item % 2, item), { concurrency: 50 })
        for (let life = 0; life < 3; life++) {
          yield* crashAll(cluster)
        }
        yield* Effect.sleep("5 seconds")
        for (const replica of cluster.replicas) {
          assert.deepStrictEqual(itemsOf(replica), all)
        }
      })
    )
  )

  it.effect("leaves an append open that its disk does not take, and has it once when the disk works again", () =>
    Cluster.run({ size: 2, durability: "synced", topology: Topology.neighbours(() => []) }, (cluster) =>
      Effect.gen(function* () {
        const { nodes, replicas } = cluster
        nodes[0]!.disk!.setFault("failing")
        assert.strictEqual((yield* Effect.flip(cluster.append(0, 1)))._tag, "Crash")
        nodes[0]!.disk!.setFault(undefined)
        yield* cluster.append(0, 2)
        yield* crashAll(cluster)
        yield* Effect.sleep("5 seconds")
        assert.deepStrictEqual(replicas.map(itemsOf), [
          [1, 2],
          [1, 2]
        ])
      })
    )
  )
})

const nodeIds = ["n0", "n1"].map((id) => NodeId.make(id))

/** A journal over what a disk holds, of which the first checkpoints fail. */
const open = Effect.fnUntraced(function* (stored: ReadonlyArray<unknown>, failures = 0) {
  const done: Array<string> = []
  let left = failures
  const disk = Storage.of({
    open: (_, record) =>
      Effect.succeed({
        recovered: stored.map((entry) => Schema.decodeUnknownSync(record)(entry)),
        log: {
          append: () => void done.push("append"),
          sync: Effect.sync(() => void done.push("sync")),
          replace: () => {
            if (left-- > 0) {
              return Effect.fail(new StorageError({ text: "no space left" }))
            }
            done.push("replace")
            return Effect.void
          },
          length: 0
        }
      })
  })
  const again: Effect.Effect<void> = Effect.suspend(() => journal.checkpoint(nothing))
  const journal: Journal.Journal = yield* Journal.open("log", nodeIds, again).pipe(Effect.provideService(Storage, disk))
  return { journal, done }
})

const nothing = { view: { logs: [] }, version: [], elements: [] }

describe("Journal", () => {
  it.effect("makes a checkpoint again that failed before anything counts as synced", () =>
    Effect.gen(function* () {
      const { done, journal } = yield* open([], 2)
      yield* journal.checkpoint(nothing)
      yield* Effect.yieldNow
      assert.strictEqual((yield* Effect.flip(journal.sync)).text, "no space left")
      yield* journal.sync
      yield* journal.sync
      assert.deepStrictEqual(done, ["replace", "sync", "sync"])
    })
  )

  it.effect("keeps items at their places where a checkpoint between them is missing", () =>
    Effect.gen(function* () {
      const { journal } = yield* open([
        { nodeIds: ["n0", "n1"], view: { logs: [[0, 5]] }, version: [2], elements: ["a", "b"] },
        { node: "n0", incarnation: 5, first: 100, items: ["c"] },
        { node: "n1", incarnation: 7, first: 0, items: ["d"] }
      ])
      const { elements, runs, version } = journal.recovered!
      assert.deepStrictEqual(
        { elements, runs, version },
        {
          elements: ["a", "b"],
          runs: [
            [0, 100, ["c"]],
            [1, 0, ["d"]]
          ],
          version: [2, 0]
        }
      )
    })
  )

  it.effect("refuses what another cluster has left", () =>
    Effect.gen(function* () {
      for (const entry of [
        { nodeIds: ["n0", "n2"], view: { logs: [] }, version: [], elements: [] },
        { node: "n3", incarnation: 5, first: 0, items: [1] }
      ]) {
        const error = yield* Effect.flip(open([entry]))
        assert.match(error.text, /the log "log" on this disk is of a cluster of other nodes/)
      }
    })
  )
})
