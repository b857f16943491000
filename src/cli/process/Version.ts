/**
 * Version and commit of this build, which a stored run has to name so that it can be replayed.
 */
import { Schema } from "effect"
import manifest from "../../../package.json" with { type: "json" }

declare global {
  /** Put in the place of this name by the build, where it knows the commit that it builds. */
  var GLOMERS_COMMIT: string | undefined
}

/** The package's version. */
export const version: string = manifest.version

/**
 * The commit that this was built from, with `-dirty` behind it where files were changed; `undefined` where nobody
 * knows, as in a build without git, or from sources.
 */
const commit: string | undefined = typeof GLOMERS_COMMIT === "string" ? GLOMERS_COMMIT : undefined

/** The version and, if known, the commit. */
export const Build = Schema.Struct({ version: Schema.String, commit: Schema.optionalKey(Schema.String) })
export interface Build extends Schema.Schema.Type<typeof Build> {}

/** This build. */
export const build: Build = { version, ...(commit !== undefined && { commit }) }

/** A build in words. */
export const name = ({ commit, version }: Build): string =>
  commit === undefined ? version : `${version} (${commit.slice(0, 12)}${commit.endsWith("-dirty") ? ", changed" : ""})`
