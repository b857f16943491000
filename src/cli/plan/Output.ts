/**
 * Output options of a run: where it is stored, whether it is kept, and what is logged.
 */
import { Schema } from "effect"

/**
 * - `directory`: where runs are stored.
 * - `keep`: which of them.
 * - `logs`: what is written to stderr as well.
 */
export const Output = Schema.Struct({
  directory: Schema.String,
  keep: Schema.Literals(["all", "invalid"]),
  logs: Schema.Struct({ stderr: Schema.Boolean, netSend: Schema.Boolean, netRecv: Schema.Boolean })
})
export interface Output extends Schema.Schema.Type<typeof Output> {}
