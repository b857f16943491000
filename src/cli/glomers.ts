/**
 * The `glomers` program, for every command line that is not the plain form of a node (`main.ts`).
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Stdio } from "effect"
import * as CommandLine from "./CommandLine.ts"
import { runMain } from "./process/runMain.ts"

Stdio.Stdio.use(({ args }) => args).pipe(Effect.flatMap(CommandLine.run), Effect.provide(NodeServices.layer), runMain)
