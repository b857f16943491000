/**
 * Phrases that messages about logs share: how a key, a value and a process are written.
 */
import type { ClientOperation } from "../../../history/History.ts"
import { canonical } from "../../../json/JsonValue.ts"
import type { Log, Message } from "./Observations.ts"

/** `key "8"` */
export const keyPhrase = (log: Log): string => `key ${canonical(log.key)}`

/** The values of some messages, at most eight of them: `4, 5 and 6`. */
export const valuesPhrase = (messages: ReadonlyArray<Message>): string => {
  const shown = messages.slice(0, 8).map((message) => valuePhrase(message))
  const rest = messages.length - shown.length
  if (rest > 0) {
    return `${shown.join(", ")} and ${rest} more`
  }
  const last = shown.pop()
  return shown.length === 0 ? `${last}` : `${shown.join(", ")} and ${last}`
}

/** One value. */
export const valuePhrase = (message: Message): string => canonical(message.value)

/** `process 3` */
export const processPhrase = (operation: ClientOperation): string => `process ${operation.process}`
