/**
 * Another Node than the one that the package brings along.
 */
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"

/** The first `node` on the PATH that is not in a `node_modules/.bin`, if there is one. */
export const systemNode: string | undefined = (process.env["PATH"] ?? "")
  .split(delimiter)
  .filter((folder) => folder !== "" && !folder.includes("node_modules"))
  .map((folder) => join(folder, "node"))
  .find((file) => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
