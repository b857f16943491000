/**
 * The `glomers` command line.
 *
 * Exit codes: 0, it did what was asked, and what it checked is right; 1, what it checked is wrong, or a node failed;
 * 2, it could not run what was asked.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import { Command } from "effect/cli"
import manifest from "../../package.json" with { type: "json" }
import * as ExitCode from "./ExitCode.ts"
import { list } from "./list.ts"
import * as Logging from "./Logging.ts"
import { node } from "./node.ts"

const glomers = Command.make("glomers").pipe(
  Command.withDescription("The Gossip Glomers distributed-systems challenges on Effect"),
  Command.withSubcommands([node, list])
)

glomers.pipe(
  Command.run({ version: manifest.version }),
  Effect.provide([NodeServices.layer, Logging.layer]),
  NodeRuntime.runMain({ teardown: ExitCode.teardown })
)
