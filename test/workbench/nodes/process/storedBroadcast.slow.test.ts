import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { Broadcast, Read } from "../../../../src/protocol/Broadcast.ts"
import * as Cluster from "../processCluster.ts"

layer(NodeFileSystem.layer, { excludeTestServices: true })("a process that stores its values", (it) => {
  it.effect("still has all that it acknowledged when it was killed in the midst of more", () =>
    Effect.gen(function* () {
      const fileSystem = yield* FileSystem.FileSystem
      const folder = yield* fileSystem.makeTempDirectoryScoped()
      const { connect, host, init } = yield* Cluster.make("storedBroadcast.ts", folder)
      const node = yield* host.start(Cluster.n0)
      const acknowledged: Array<number> = []
      for (let life = 0; life < 4; life++) {
        yield* init(Cluster.n0)
        const { messages } = yield* connect(Cluster.n0).call(Read, {})
        assert.includeMembers([...messages], acknowledged)
        const send = (message: number) =>
          Effect.map(connect(Cluster.n0).call(Broadcast.broadcast, { message }), () => void acknowledged.push(message))
        const from = 100 * life
        const first = Array.from({ length: 50 }, (_, index) => from + index)
        yield* Effect.forEach(first, send, { concurrency: 5, discard: true })
        const more = first.map((message) => message + 50)
        yield* Effect.forkChild(Effect.forEach(more, send, { concurrency: 5, discard: true }), {
          startImmediately: true
        })
        yield* Effect.sleep(10 * life)
        yield* node.crash
        yield* node.restart
      }
      assert.isAtLeast(acknowledged.length, 200)
      // A checkpoint, its seal, and what came afterwards.
      assert.match(yield* fileSystem.readFileString(`${folder}/n0/values.log`), /^[0-9a-f]{8} \[\]$/m)
    }).pipe(Effect.scoped)
  )
})
