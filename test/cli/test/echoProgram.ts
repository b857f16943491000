/**
 * Programs of somebody else's: shell scripts that do something first, and are then a node that echoes.
 */
import { Effect, FileSystem } from "effect"
import { Bundle } from "../Bundle.ts"

/** What a shell does to fail, with last words. */
export const failing = "{ echo out of milk >&2; exit 3; }"

/** Writes a program to a file, whose path it returns. */
export const program = Effect.fnUntraced(function* (file: string, first: string) {
  const fs = yield* FileSystem.FileSystem
  const { executable } = yield* Bundle
  const script = ["#!/bin/sh", first, `exec "${process.execPath}" "${executable}" node 1`]
  yield* fs.writeFileString(file, `${script.join("\n")}\n`, { mode: 0o755 })
  return file
})
