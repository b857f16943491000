import { assert, describe, it } from "@effect/vitest"
import * as HistoryText from "../../../src/workbench/history/HistoryText.ts"
import { parse } from "../../../src/workbench/json/ExactNumber.ts"

describe("a history in columns", () => {
  // As Jepsen prints these, but for the keywords within a value, which a history in JSON has as strings.
  it.each([
    [{ process: 0, type: "invoke", f: "read", value: null }, "0\t:invoke\t:read\tnil"],
    [{ process: 12, type: "ok", f: "txn", value: [["r", 8, null]] }, '12\t:ok\t:txn\t[["r" 8 nil]]'],
    [
      { process: "nemesis", type: "info", f: "start-partition", value: { n0: ["n1"] } },
      ':nemesis\t:info\t:start-partition\t{"n0" ["n1"]}'
    ],
    [{ process: 1, type: "info", f: "read", value: null, error: "net-timeout" }, "1\t:info\t:read\tnil\t:net-timeout"],
    [
      { process: 1, type: "fail", f: "cas", value: [1, 2], error: ["precondition-failed", "expected 2, had 4"] },
      "1\t:fail\t:cas\t[1 2]\t[:precondition-failed expected 2, had 4]"
    ],
    [
      { process: 1, type: "info", f: "read", value: null, error: "indeterminate:\n  it broke" },
      "1\t:info\t:read\tnil\tindeterminate: it broke"
    ],
    [
      { process: 1, type: "ok", f: "generate", value: parse("[3.0,12345678901234567890]") },
      "1\t:ok\t:generate\t[3.0 12345678901234567890]"
    ]
  ] as const)("shows %j", (operation, line) => {
    assert.strictEqual(HistoryText.line({ index: 0, time: 0, ...operation }), line)
  })
})
