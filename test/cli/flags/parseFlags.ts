/**
 * The flags of a test as the command line reads them.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Ref } from "effect"
import { Command } from "effect/cli"
import { type TestFlags, testFlags } from "../../../src/cli/flags/TestFlags.ts"

/** Reads flags; fails as the command line does. */
export const parseFlags = Effect.fnUntraced(function* (args: ReadonlyArray<string>) {
  const parsed = yield* Ref.make<TestFlags | undefined>(undefined)
  const command = Command.make("test", testFlags, (flags) => Ref.set(parsed, flags))
  yield* Command.runWith(command, { version: "0", renderErrors: false })(args)
  return (yield* Ref.get(parsed))!
}, Effect.provide(NodeServices.layer))
