/**
 * The `glomers` command line: all commands, parsed by effect/cli, and how it reports what is wrong.
 *
 * Exit codes: 0, it did what was asked, and what it checked is right; 1, what it checked is wrong; 2, it could not run
 * what was asked, or a node failed.
 */
import { Console, Effect } from "effect"
import { type CliError, CliOutput, Command, type HelpDoc } from "effect/cli"
import { check } from "./check/command.ts"
import { compare } from "./compare/command.ts"
import { list } from "./list/command.ts"
import { maelstrom } from "./maelstrom/command.ts"
import { node } from "./node/command.ts"
import { type Arguments, explicit, lastOfEach, passThrough } from "./process/Arguments.ts"
import { oneLine } from "./process/CannotRun.ts"
import { nearest } from "./process/NearestFlag.ts"
import { version } from "./process/Version.ts"
import { replay } from "./replay/command.ts"
import { test } from "./test/command.ts"
import { worker } from "./worker/command.ts"

/**
 * Carries out a command line. What is wrong with it goes to stderr, in a line each: a node's stdout belongs to the
 * protocol.
 */
export const run = (args: Arguments) =>
  Command.runWith(glomers, { version })(lastOfEach(explicit(passThrough(args)))).pipe(Effect.provide(presenter))

const glomers = Command.make("glomers").pipe(
  Command.withDescription("The Gossip Glomers distributed-systems challenges on Effect"),
  Command.withSubcommands([test, replay, maelstrom, compare, check, list, node, worker])
)

const presenter = CliOutput.layerPresenter({
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Effect.forEach(
          new Set(event.errors.map((error) => problemOf(error, event.helpDoc))),
          (problem) => Console.error(`${event.commandPath.join(" ")}: ${problem} (see --help)`),
          { discard: true }
        )
      : CliOutput.defaultPresenter.present(event)
})

const problemOf = (error: CliError.CliError, { flags, globalFlags = [] }: HelpDoc.HelpDoc): string => {
  if (error._tag === "UnknownSubcommand") {
    const [meant] = error.suggestions
    return `there is no command ${error.subcommand}${meant === undefined ? "" : `, did you mean ${meant}?`}`
  }
  if (error._tag !== "UnrecognizedOption") {
    return oneLine(error.message)
  }
  // See `explicit` in Arguments.ts.
  const given = error.option.replace(/^---/, "-")
  const meant = nearest(
    given,
    [...flags, ...globalFlags].map(({ name }) => name)
  )
  return `there is no flag ${given}${meant === undefined ? "" : `, did you mean --${meant}?`}`
}
