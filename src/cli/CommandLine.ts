/**
 * The `glomers` command line: all commands, parsed by effect/cli, and how it reports what is wrong.
 *
 * Exit codes: 0, it did what was asked, and what it checked is right; 1, what it checked is wrong; 2, it could not run
 * what was asked, or a node failed.
 */
import { Console, Effect } from "effect"
import { CliOutput, Command } from "effect/cli"
import { check } from "./check/command.ts"
import { compare } from "./compare/command.ts"
import { list } from "./list/command.ts"
import { maelstrom } from "./maelstrom/command.ts"
import { node } from "./node/command.ts"
import { type Arguments, passThrough } from "./process/Arguments.ts"
import { oneLine } from "./process/CannotRun.ts"
import { version } from "./process/Version.ts"
import { replay } from "./replay/command.ts"
import { test } from "./test/command.ts"
import { worker } from "./worker/command.ts"

/**
 * Carries out a command line. What is wrong with it goes to stderr, in a line each: a node's stdout belongs to the
 * protocol.
 */
export const run = (args: Arguments) =>
  Command.runWith(glomers, { version })(passThrough(args)).pipe(Effect.provide(presenter))

const glomers = Command.make("glomers").pipe(
  Command.withDescription("The Gossip Glomers distributed-systems challenges on Effect"),
  Command.withSubcommands([test, replay, maelstrom, compare, check, list, node, worker])
)

const presenter = CliOutput.layerPresenter({
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Effect.forEach(
          event.errors,
          ({ message }) => Console.error(`${event.commandPath.join(" ")}: ${oneLine(message)} (see --help)`),
          { discard: true }
        )
      : CliOutput.defaultPresenter.present(event)
})
