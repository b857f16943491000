/**
 * Checks the echo workload: every reply must hold what was sent.
 */
import { Predicate, Schema } from "effect"
import type { CheckOptions } from "../../checkers/CheckOptions.ts"
import { Validity } from "../../checkers/Validity.ts"
import * as Verdict from "../../checkers/Verdict.ts"
import { type Call, calls, entries } from "../../history/History.ts"
import type { History, Operation } from "../../history/Operation.ts"
import * as JepsenKeys from "../../json/JepsenKeys.ts"
import { same } from "../../json/JsonValue.ts"
import * as Strict from "./Strict.ts"
import { reply, request } from "./Words.ts"

/** `errors`: for each wrong reply a list of words and values that reads as a sentence. */
export const Results = JepsenKeys.struct({ validity: Validity, errors: Schema.Array(Schema.Unknown) })
export interface Results extends Schema.Schema.Type<typeof Results> {}

/** After Maelstrom's `workload/echo.clj`. For the warnings see `Strict.ts`. */
export const check = (history: History, options: CheckOptions): Verdict.Verdict<Results> => {
  const wrong = calls(history).filter(isWrong)
  return Verdict.make(
    {
      validity: wrong.length === 0,
      errors: wrong.map(({ invocation, completion }) => [
        "Expected a message with :echo",
        invocation.value,
        "But received",
        completion?.value
      ])
    },
    {
      anomalies: wrong.map((call) => ({
        name: "wrong-echo",
        message: `${request(call, options)} was answered with ${reply(call)}.`,
        operations: entries(call)
      })),
      warnings: Strict.warnings(history, options)
    }
  )
}

const isWrong = ({ invocation, completion }: Call): boolean =>
  (completion?.type === "ok" || completion?.type === "fail") && !same(invocation.value, echoOf(completion))

const echoOf = ({ value }: Operation): unknown => (Predicate.isObject(value) ? value["echo"] : undefined)
