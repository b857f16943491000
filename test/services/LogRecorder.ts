import { Layer, Logger, References } from "effect"

/** One log entry: its level and what was logged, as text. */
export interface LogEntry {
  readonly level: string
  readonly text: string
}

/** Collects everything that is logged in place of showing it. */
export const make = (): { readonly entries: ReadonlyArray<LogEntry>; readonly layer: Layer.Layer<never> } => {
  const entries: Array<LogEntry> = []
  const logger = Logger.make(({ cause, logLevel, message }) => {
    entries.push({ level: logLevel, text: JSON.stringify([message, cause.reasons.map(String)]) })
  })
  return {
    entries,
    layer: Layer.merge(Logger.layer([logger]), Layer.succeed(References.MinimumLogLevel, "Trace"))
  }
}
