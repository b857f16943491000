/**
 * The `g-counter` and `pn-counter` workloads: clients add to a counter, of which every node is to know the sum in the
 * end. The latter subtract as well.
 *
 * After `maelstrom.workload.pn-counter` and `maelstrom.workload.g-counter`.
 */
import { Effect } from "effect"
import * as Protocol from "../../../protocol/Counter.ts"
import * as Replies from "../../clients/Replies.ts"
import { exceptions } from "../Completions.ts"
import * as Draw from "../../simulation/Draw.ts"
import { finalRead, type Read } from "../FinalRead.ts"
import type { Completion, Generator, Invocation, Workload } from "../Workload.ts"
import { check, Results } from "./Checker.ts"

interface Add extends Invocation {
  readonly f: "add"
  readonly value: number
}

type CounterInvocation = Add | Read

const counter = (
  name: string,
  accept: (operation: CounterInvocation) => boolean
): Workload<CounterInvocation, Generator<CounterInvocation>, Results> => ({
  name,
  rpcs: Protocol.Counter,
  functions: ["add", "read"],
  check,
  results: Results,

  generator: (_options, random) => ({
    next: () => {
      for (;;) {
        const operation: CounterInvocation =
          Draw.pick(random, ["add", "read"]) === "add"
            ? { f: "add", value: Draw.integerBelow(random, 10) - 5 }
            : { f: "read", value: null }
        if (accept(operation)) {
          return operation
        }
      }
    }
  }),

  finalGenerator: finalRead,

  client: (connection) => ({
    invoke: (operation) =>
      operation.f === "add"
        ? Effect.as(connection.call(Replies.Counter.add, { delta: operation.value }), { type: "ok" as const })
        : Effect.map(connection.call(Replies.Counter.read, {}), ({ value }): Completion => ({ type: "ok", value }))
  }),

  onError: exceptions
})

/** `add`: its value is -5 to 4. `read`: it completes with the sum. Both are as likely. */
export const pnCounter = counter("pn-counter", () => true)

/**
 * As {@link pnCounter}, without negative adds. Since Maelstrom draws those too and throws them away, there are two
 * reads to every add.
 */
export const gCounter = counter("g-counter", ({ f, value }) => f === "read" || value >= 0)
