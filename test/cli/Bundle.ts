/**
 * The program as it is shipped, which `buildProgram.ts` has built for this run of tests.
 */
import { inject } from "@effect/vitest"
import { Context, Layer } from "effect"

export class Bundle extends Context.Service<Bundle, { readonly executable: string }>()("test/cli/Bundle") {
  static readonly layer = Layer.sync(Bundle, () => ({ executable: inject("executable") }))
}
