import type { Operation } from "../../../src/workbench/history/Operation.ts"
import * as Edn from "../../../src/workbench/json/Edn.ts"

/**
 * An entry as Jepsen prints it into a `history.edn`: keys, types and functions are keywords, and `final` is `final?`.
 */
export const jepsenLine = (operation: Operation): string => {
  const fields = Object.entries(operation).map(([key, value]) => {
    const isKeyword = key === "type" || key === "f" || value === "nemesis"
    return `:${key === "final" ? "final?" : key} ${isKeyword ? `:${String(value)}` : Edn.print(value)}`
  })
  return `#jepsen.history.Op{${fields.join(", ")}}`
}
