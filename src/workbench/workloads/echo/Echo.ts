/**
 * The `echo` workload: clients ask for texts that are to come back as they are.
 *
 * After `maelstrom.workload.echo`.
 */
import { Effect } from "effect"
import { Echo } from "../../../protocol/Echo.ts"
import * as Replies from "../../clients/Replies.ts"
import { withErrors } from "../Completions.ts"
import * as Draw from "../../simulation/Draw.ts"
import type { Completion, Generator, Invocation, Workload } from "../Workload.ts"
import { check, Results } from "./Checker.ts"

interface EchoInvocation extends Invocation {
  readonly f: "echo"
  readonly value: string
}

/**
 * `echo`: its value is the text. It completes with the reply's type and text: Maelstrom records the whole body, whose
 * message ids say nothing that a checker wants to know.
 */
export const workload: Workload<EchoInvocation, Generator<EchoInvocation>, Results> = {
  name: "echo",
  rpcs: Echo,
  functions: ["echo"],
  check,
  results: Results,

  generator: (_options, random) => ({
    next: () => ({ f: "echo", value: `Please echo ${Draw.integerBelow(random, 128)}` })
  }),

  client: (connection) => ({
    invoke: ({ value }) =>
      Effect.map(connection.call(Replies.Echo.echo, { echo: value }), ({ echo }): Completion => ({
        type: "ok",
        value: { type: Echo.echo.replyType, echo }
      }))
  }),

  onError: withErrors(new Set())
}
