/**
 * Runs every check on a cluster of its own and prints the verdicts.
 */
import { Console, Duration, Effect, Runtime, Schema } from "effect"
import { defaultStrategy } from "../../challenges/Challenge.ts"
import { challenges } from "../../challenges/registry.ts"
import * as Policy from "../../services/Policy.ts"
import * as Table from "../Table.ts"
import { type Check, checks } from "./checks.ts"
import * as Cluster from "./Cluster.ts"

/** At least one verdict is not `ok`; the table has said so. */
class ChecksFailed extends Schema.TaggedError<ChecksFailed>()("ChecksFailed", {}) {
  override readonly [Runtime.errorExitCode] = 1
  override readonly [Runtime.errorReported] = false
}

export const run = Effect.gen(function* () {
  yield* Console.log("Each node is a process that speaks Maelstrom's protocol on its stdin and stdout.\n")
  const outcomes = yield* Effect.forEach(checks, runCheck)
  yield* Console.log(
    Table.render(
      ["challenge", "strategy", "nodes", "requests", "checked", "verdict", "seconds"],
      outcomes.map(({ row }) => row)
    )
  )
  if (outcomes.some(({ ok }) => !ok)) {
    return yield* new ChecksFailed()
  }
}).pipe(
  // A node's process may take its time to start on a busy machine.
  Effect.provideService(Policy.RpcTimeout, Duration.seconds(20))
)

const runCheck = Effect.fn("demo.runCheck")(function* (check: Check) {
  const challenge = challenges.find(({ id }) => id === check.challenge)!
  const strategy = check.strategy ?? defaultStrategy(challenge)
  const [duration, verdict] = yield* Cluster.use(challenge.id, strategy, check.nodeCount, check.run).pipe(
    Effect.map((right) => (right ? "ok" : "wrong")),
    Effect.catch((error) =>
      error._tag === "CannotRun" ? Effect.fail(error) : Effect.succeed(`failed: ${error.message}`)
    ),
    Effect.timed
  )
  const row = [
    `${challenge.id} ${challenge.title}`,
    strategy,
    String(check.nodeCount),
    String(check.requests),
    check.checked,
    verdict,
    Duration.toSeconds(duration).toFixed(1)
  ]
  return { row, ok: verdict === "ok" }
})
