/**
 * Echo nodes that are wrong.
 */
import { Effect, Layer, Schema } from "effect"
import * as Correct from "../../../../src/challenges/echo/challenge.ts"
import { Echo } from "../../../../src/protocol/Echo.ts"
import * as Rpc from "../../../../src/protocol/Rpc.ts"
import { Crash } from "../../../../src/protocol/RpcError.ts"
import { Node } from "../../../../src/services/Node.ts"
import { type Scenario, sometimes } from "./BrokenNode.ts"

const CarelessEcho = Rpc.make("echo", {
  request: { echo: Schema.Json },
  reply: { echo: Schema.optionalKey(Schema.Json) }
})

export const echo: Scenario = {
  name: "echo",
  workload: "echo",
  options: { nodeCount: 1, concurrency: 3, rate: 20, timeLimit: "5 seconds" },
  control: Correct.layer,
  broken: [
    {
      bug: "now and then echoes the request before",
      finds: "wrong-echo",
      layer: Layer.suspend(() => {
        let last: Schema.Json = null
        return Node.serve(Echo.echo, ({ echo }) => {
          const before = { echo: last }
          last = echo
          return sometimes(0.1, Effect.succeed(before), Effect.succeed({ echo }))
        })
      })
    },
    {
      bug: "now and then does not answer",
      finds: "unanswered",
      strict: true,
      layer: Node.serve(Echo.echo, ({ echo }) => sometimes(0.1, Effect.never, Effect.succeed({ echo })))
    },
    {
      bug: "now and then answers without an echo",
      finds: "malformed-reply",
      strict: true,
      layer: Node.serve(CarelessEcho, ({ echo }) => sometimes(0.1, Effect.succeed({}), Effect.succeed({ echo })))
    },
    {
      bug: "now and then crashes over a request",
      finds: "error-reply",
      strict: true,
      layer: Node.serve(Echo.echo, ({ echo }) =>
        sometimes(0.1, Effect.fail(new Crash({ text: "out of luck" })), Effect.succeed({ echo }))
      )
    }
  ]
}
