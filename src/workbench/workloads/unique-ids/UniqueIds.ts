/**
 * The `unique-ids` workload: clients ask for ids that are to be given only once.
 *
 * After `maelstrom.workload.unique-ids`.
 */
import { Effect } from "effect"
import * as Replies from "../../clients/Replies.ts"
import { UniqueIds } from "../../../protocol/UniqueIds.ts"
import { withErrors } from "../Completions.ts"
import type { Completion, Generator, Invocation, Workload } from "../Workload.ts"
import { check, Results } from "./Checker.ts"

interface GenerateInvocation extends Invocation {
  readonly f: "generate"
  readonly value: null
}

/** `generate`: it completes with the id. */
export const workload: Workload<GenerateInvocation, Generator<GenerateInvocation>, Results> = {
  name: "unique-ids",
  rpcs: UniqueIds,
  functions: ["generate"],
  check,
  results: Results,

  generator: () => ({ next: () => ({ f: "generate", value: null }) }),

  client: (connection) => ({
    invoke: () =>
      Effect.map(connection.call(Replies.UniqueIds.generate, {}), ({ id }): Completion => ({ type: "ok", value: id }))
  }),

  onError: withErrors(new Set())
}
