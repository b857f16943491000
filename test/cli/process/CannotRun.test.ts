import { assert, describe, it } from "@effect/vitest"
import { Runtime } from "effect"
import { CannotRun } from "../../../src/cli/process/CannotRun.ts"

describe("CannotRun", () => {
  it("says in one line what another error says in several", () => {
    const error = CannotRun.because(new Error("no such file\n  at line 3 \n\n of x"))
    assert.strictEqual(error.text, "no such file at line 3 of x")
    assert.strictEqual(error.message, error.text)
  })

  it("keeps the lines that it is given, and ends a process with 2", () => {
    const error = new CannotRun({ text: "three ways:\n  one" })
    assert.strictEqual(error.message, "three ways:\n  one")
    assert.strictEqual(Runtime.getErrorExitCode(error), 2)
  })
})
