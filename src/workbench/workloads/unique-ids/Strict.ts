/**
 * Bugs of id generators that Maelstrom lets through.
 */
import type { CheckOptions } from "../../checkers/CheckOptions.ts"
import type { Anomaly } from "../../checkers/Verdict.ts"
import { nodeName } from "../../history/ClientBinding.ts"
import type { ClientOperation } from "../../history/History.ts"

/** `null-id`: `null` was given out for an id. */
export const warnings = (
  acknowledgements: ReadonlyArray<ClientOperation>,
  options: CheckOptions
): ReadonlyArray<Anomaly> =>
  acknowledgements
    .filter(({ value }) => value === null)
    .map((operation) => ({
      name: "null-id",
      message: `${nodeName(operation, options)} gave out null for an id.`,
      operations: [operation]
    }))
