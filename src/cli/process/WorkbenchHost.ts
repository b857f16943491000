/**
 * Checks the version of Node.js that the workbench runs on.
 */
import { Effect } from "effect"
import { CannotRun } from "./CannotRun.ts"

/** The first major version of Node with all that the workbench and its checkers use. Nodes run on 20 as well. */
const oldest = 22

/** Fails with `CannotRun` on a Node that is too old, rather than somewhere in the midst of a test. */
export const require: Effect.Effect<void, CannotRun> = Effect.suspend(() =>
  Number.parseInt(process.versions.node, 10) < oldest
    ? Effect.fail(
        new CannotRun({
          text: `the workbench needs Node ${oldest} or newer, this is ${process.versions.node}; npx and npm scripts find one in node_modules`
        })
      )
    : Effect.void
)
