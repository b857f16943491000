import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Random, Console } from "effect"
import * as Network from "../src/workbench/network/Network.ts"
import * as Process from "../src/workbench/nodes/Process.ts"
import * as RealTime from "../src/workbench/simulation/RealTime.ts"
import * as Client from "../src/workbench/clients/Client.ts"
import { Init } from "../src/protocol/Init.ts"
import { Echo } from "../src/protocol/Echo.ts"
let t1 = 0
const run = Effect.gen(function* () {
  yield* Effect.addFinalizer(() => Effect.sync(() => console.log("close ms", performance.now() - t1)))
  const time = yield* RealTime.make
  const random = yield* Random.Random
  const network: Network.Network = Network.make(
    time,
    random,
    { latencyMillis: 0, latencyDistribution: "constant" },
    (e) => carrier.onInvalid(e)
  )
  const carrier: Process.ProcessCarrier = yield* Process.make({
    bin: process.execPath,
    args: [process.cwd() + "/test/fixtures/nodes/echo.mjs"],
    network
  })
  const ids = Array.from({ length: 25 }, (_, i) => `n${i}` as any)
  yield* Effect.forEach(ids, carrier.start, { concurrency: "unbounded" })
  const open = Client.make(network)
  yield* Effect.forEach(ids, (id) => open(id).call(Init, { node_id: id, node_ids: ids as any }), {
    concurrency: "unbounded"
  })
  yield* Console.log("init", time.nowNanos() / 1e6)
  for (const clients of [50, 500]) {
    const t0 = time.nowNanos()
    const m0 = network.journal.length
    const cpu = process.cpuUsage()
    let ops = 0,
      lat = 0
    yield* Effect.forEach(
      Array.from({ length: clients }, (_, i) => i),
      (i) => {
        const c = open(ids[i % 25])
        return Effect.suspend(() => {
          const s = time.nowNanos()
          return c.call(Echo, { echo: "hi" }).pipe(
            Effect.tap(
              Effect.sync(() => {
                ops++
                lat += time.nowNanos() - s
              })
            )
          )
        }).pipe(Effect.forever, Effect.timeoutOption(3000))
      },
      { concurrency: "unbounded" }
    )
    const dt = (time.nowNanos() - t0) / 1e9
    const u = process.cpuUsage(cpu)
    yield* Console.log(
      clients,
      "clients: ops/s",
      ops / dt,
      "sends/s",
      (network.journal.length - m0) / 2 / dt,
      "mean ms",
      lat / ops / 1e6,
      "cpu of host s/s",
      (u.user + u.system) / 1e6 / dt
    )
  }
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      t1 = performance.now()
    })
  )
}).pipe(Effect.scoped)
Effect.runPromise(run.pipe(Effect.provide(NodeServices.layer)) as any)
