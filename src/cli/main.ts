#!/usr/bin/env node
/**
 * Where the `glomers` command starts.
 *
 * A node loads nothing but itself, since a test starts dozens of them at once: the plain form of `glomers node` is
 * recognised here, and everything else, including what is wrong with a `glomers node`, is left to the command line.
 */
import { findStrategy } from "../challenges/Challenge.ts"
import { find } from "../challenges/registry.ts"
import { runNode } from "./node/runNode.ts"
import { plainNode } from "./process/Arguments.ts"
import { runMain } from "./process/runMain.ts"

const node = plainNode(process.argv.slice(2))
const challenge = node && find(node.challenge)
const strategy = challenge && findStrategy(challenge, node.strategy)

if (strategy === undefined) {
  await import("./glomers.ts")
} else {
  runMain(runNode(strategy.layer))
}
