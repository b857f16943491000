/**
 * `glomers list`: prints the challenges, their strategies and official flags as a table.
 */
import { Console } from "effect"
import { Command } from "effect/cli"
import type { Challenge } from "../../challenges/Challenge.ts"
import { flagArguments } from "../../challenges/Official.ts"
import { challenges } from "../../challenges/registry.ts"
import * as Table from "../report/Table.ts"

/** The command. A row a strategy. */
export const list = Command.make("list", {}, () => Console.log(Table.render(header, challenges.map(row)))).pipe(
  Command.withDescription("List the challenges, their strategies and how they are run officially")
)

const header = ["challenge", "title", "strategies", "survives crash", "official flags"]

const row = (challenge: Challenge) => [
  challenge.id,
  challenge.title,
  Object.keys(challenge.strategies).join(", "),
  Object.entries(challenge.strategies)
    .filter(([, { survivesCrash }]) => survivesCrash)
    .map(([name]) => name)
    .join(", "),
  ["-w", challenge.workload, ...flagArguments(challenge.flags)].join(" ")
]
