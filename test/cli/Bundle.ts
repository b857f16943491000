/**
 * The program as it is shipped: built anew, in a folder that has no `node_modules` above it.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { Context, Effect, FileSystem, Layer } from "effect"
import { build } from "rolldown"
import config from "../../rolldown.config.ts"

export class Bundle extends Context.Service<Bundle, { readonly executable: string }>()("test/cli/Bundle") {
  static readonly layer = Layer.effect(
    Bundle,
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      const dir = yield* fs.makeTempDirectoryScoped({ prefix: "glomers-" })
      yield* Effect.promise(() => build({ ...config, output: { ...config.output, dir } }))
      return { executable: `${dir}/glomers.mjs` }
    })
  ).pipe(Layer.provide(NodeFileSystem.layer))
}
