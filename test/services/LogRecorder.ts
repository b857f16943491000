import { Layer, Logger, References } from "effect"

/** One log entry: its level, what was logged, as text, and what it was annotated with. */
export interface LogEntry {
  readonly level: string
  readonly text: string
  readonly annotations: Readonly<Record<string, unknown>>
}

/** Collects everything that is logged in place of showing it. */
export const make = (): { readonly entries: ReadonlyArray<LogEntry>; readonly layer: Layer.Layer<never> } => {
  const entries: Array<LogEntry> = []
  const logger = Logger.make(({ cause, fiber, logLevel, message }) => {
    entries.push({
      level: logLevel,
      text: JSON.stringify([message, cause.reasons.map(String)]),
      annotations: fiber.getRef(References.CurrentLogAnnotations)
    })
  })
  return {
    entries,
    layer: Layer.merge(Logger.layer([logger]), Layer.succeed(References.MinimumLogLevel, "Trace"))
  }
}
