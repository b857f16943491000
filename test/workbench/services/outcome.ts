import { Result } from "effect"
import type { Answer } from "../../../src/workbench/services/Service.ts"

/** A reply's payload, or an error's code and text. */
export const outcome = (answer: Answer) =>
  Result.match(answer, { onSuccess: (payload) => payload, onFailure: ({ code, text }) => [code, text] as const })
