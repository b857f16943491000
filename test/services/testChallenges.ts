import { Effect, Schema } from "effect"
import { Echo } from "../../src/protocol/Echo.ts"
import * as Rpc from "../../src/protocol/Rpc.ts"
import { Node } from "../../src/services/Node.ts"

/** Answers with what it is sent, at once. */
export const echo = Node.serve(Echo.echo, ({ echo }) => Effect.succeed({ echo }))

const Slow = Rpc.make("slow", { request: { millis: Schema.Int } })

/** Answers after the time that the request asks for. */
export const slow = Node.serve(Slow, ({ millis }) => Effect.as(Effect.sleep(millis), {}))
