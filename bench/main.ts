/**
 * `npm run bench -- <name>`: measurements as a report, not as a test.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import { Command } from "effect/cli"
import { node } from "./node.ts"
import { soak } from "./soak.ts"
import { workbench } from "./workbench.ts"

Command.make("bench").pipe(
  Command.withDescription("Measure the built program"),
  Command.withSubcommands([node, workbench, soak]),
  Command.run({ version: "" }),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
