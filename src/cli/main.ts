#!/usr/bin/env node
/**
 * Where the `glomers` command starts.
 *
 * A node loads nothing but itself, since a test starts dozens of them at once: the plain form of `glomers node` is
 * recognised here, and everything else, including what is wrong with a `glomers node`, is left to the command line.
 */
import { program } from "./node/nodeProcess.ts"
import { runMain } from "./process/runMain.ts"

const [command, challenge, flag, strategy, ...rest] = process.argv.slice(2)
const node =
  command === "node" && rest.length === 0 && (flag === undefined || (flag === "--strategy" && strategy !== undefined))
    ? program(challenge, strategy)
    : undefined

if (node === undefined) {
  await import("./glomers.ts")
} else {
  runMain(node)
}
