/**
 * Says which of the official challenges `nix flake show --json` lists, whose output is in the file that is named, and
 * fails if one is missing.
 */
import * as assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { official } from "../../src/challenges/Official.ts"

const [file] = process.argv.slice(2)
assert.ok(file !== undefined, "usage: everyChallenge.ts OUTPUTS.json")
const { apps } = JSON.parse(readFileSync(file, "utf8")) as { readonly apps: Record<string, Record<string, unknown>> }

const ids = Object.keys(official)
assert.equal(ids.length, 14)
assert.deepEqual(Object.keys(apps).toSorted(), ["aarch64-darwin", "aarch64-linux", "x86_64-linux"])

for (const [system, listed] of Object.entries(apps)) {
  const names = ["default", "workbench", ...[...ids, "3", "5", "6"].map((id) => `challenge-${id}`)]
  assert.deepEqual(Object.keys(listed).toSorted(), names.toSorted(), system)
  console.log(`${system}: ${names.join(" ")}`)
}
