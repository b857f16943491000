/**
 * The `unique-ids` workload: clients ask for ids that are to be given only once.
 *
 * After `maelstrom.workload.unique-ids`.
 */
import { Effect } from "effect"
import { Generate } from "../../../protocol/UniqueIds.ts"
import { withErrors } from "../Completions.ts"
import type { Completion, Workload } from "../Workload.ts"
import { check } from "./Checker.ts"

/** `generate`: it completes with the id. */
export const workload: Workload = {
  name: "unique-ids",
  rpcs: [Generate],
  functions: ["generate"],
  check,

  generator: () => ({ next: () => ({ f: "generate", value: null }) }),

  client: (connection) => ({
    invoke: () => Effect.map(connection.call(Generate, {}), ({ id }): Completion => ({ type: "ok", value: id }))
  }),

  onError: withErrors(new Set())
}
