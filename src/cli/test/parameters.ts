/**
 * The parameters of `glomers test`: what is tested, how often, and what becomes of its output.
 */
import { Argument, type Command, Flag } from "effect/cli"
import * as OutputFlags from "../flags/OutputFlags.ts"
import { ignoredFlags } from "../flags/IgnoredFlags.ts"
import { nodeFlags } from "../flags/NodeFlags.ts"
import * as SeedFlags from "../flags/SeedFlags.ts"
import * as SubjectFlags from "../flags/SubjectFlags.ts"
import * as Switch from "../flags/Switch.ts"
import { abortRate, count, testFlags } from "../flags/TestFlags.ts"

/** Arguments and flags, for effect/cli. */
export const parameters = {
  // What follows `--` is among the arguments too, and so there may be many.
  challenge: Argument.String("challenge").pipe(
    Argument.variadic(),
    Argument.withDescription("The challenge's id, or all; what follows -- goes to the program that --bin names")
  ),
  workload: SubjectFlags.workload("The workload, if not the challenge's own").pipe(Flag.optional),
  strategy: SubjectFlags.strategy("How our own nodes solve it"),
  bin: Flag.String("bin").pipe(Flag.withDescription("A program to test instead, one process a node"), Flag.optional),
  seed: SeedFlags.seed("Decides everything that is left to chance; 0 by default").pipe(Flag.optional),
  seeds: SeedFlags.seeds("Run all seeds of a range, such as 1..100, on all cores").pipe(Flag.optional),
  testCount: count("test-count", "Run this many tests, with one seed after the other, until one is not valid"),
  ...nodeFlags,
  ...testFlags,
  abortRate,
  out: OutputFlags.out("The folder for the results").pipe(Flag.withDefault("store")),
  json: OutputFlags.json("a run"),
  logStderr: Switch.make("log-stderr", "Print what nodes logged"),
  logNetSend: Switch.make("log-net-send", "Print messages as they were sent"),
  logNetRecv: Switch.make("log-net-recv", "Print messages as they were received"),
  ...ignoredFlags
}

/** What was given on the command line. */
export type TestInput = Command.Command.Config.Infer<typeof parameters>
