import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit } from "effect"
import { Echo } from "../../../../src/protocol/Echo.ts"
import type { Message } from "../../../../src/protocol/Message.ts"
import * as Network from "../../../../src/workbench/network/Network.ts"
import { make, n0, n1 } from "../processCluster.ts"

describe("Process", () => {
  it.live("carries lines of five million characters", () =>
    Effect.gen(function* () {
      const { host, connect, init } = yield* make("echo.mjs")
      yield* host.start(n0)
      yield* init(n0)
      const echo = "é".repeat(5_000_000)
      assert.isTrue((yield* connect(n0).call(Echo.echo, { echo })).echo === echo)
    })
  )

  it.live("tells of a node that does not read a million messages", () =>
    Effect.gen(function* () {
      const deliver = yield* Deferred.make<(message: Message) => void>()
      const network: Network.Network = {
        attach: (_, receive) => void Deferred.doneUnsafe(deliver, Exit.succeed(receive)),
        send: () => undefined,
        drop: () => undefined,
        heal: () => undefined,
        faults: Network.reliable,
        journal: []
      }
      const { host } = yield* make("misbehave.mjs", "never-read", { network })
      const node = yield* host.start(n0)
      const receive = yield* Deferred.await(deliver)
      for (let i = 0; i <= 1_000_001; i++) {
        receive({ src: n1, dest: n0, body: { type: "hello" } })
      }
      const failure = yield* Effect.flip(node.failure)
      assert.strictEqual(failure.message, "n0 does not read its stdin: 1000000 messages wait there")
    })
  )
})
