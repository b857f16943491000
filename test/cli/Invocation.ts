/**
 * Invokes the command line in this process: some milliseconds where the program itself takes a third of a second to
 * start. For what is decided before anything runs.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { ConfigProvider, Effect, Stdio } from "effect"
import { TestConsole } from "effect/testing"
import * as CommandLine from "../../src/cli/CommandLine.ts"
import * as ExitCode from "../../src/cli/process/ExitCode.ts"
import { reported } from "../../src/cli/process/runMain.ts"

/**
 * What `glomers` with these arguments and this environment prints, and the exit code that its process would end with.
 */
export const invoke = Effect.fnUntraced(
  function* (args: ReadonlyArray<string>, env: Record<string, string> = {}) {
    const exit = yield* Effect.exit(
      reported(CommandLine.run(args)).pipe(
        Effect.provide([
          Stdio.layerTest({ args: Effect.succeed(args) }),
          ConfigProvider.layer(ConfigProvider.fromEnv({ env }))
        ])
      )
    )
    let code = -1
    ExitCode.teardown(exit, (ended) => (code = ended))
    return { code, stdout: text(yield* TestConsole.logLines), stderr: text(yield* TestConsole.errorLines) }
  },
  Effect.provide([TestConsole.layer, NodeServices.layer])
)

const text = (lines: ReadonlyArray<unknown>) => lines.map((line) => `${line}\n`).join("")
