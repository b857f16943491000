/**
 * Logs go to stderr, since a node's stdout belongs to the protocol. `GLOMERS_LOG` sets the lowest level that is shown:
 * `trace`, `debug`, `info` (the default), `warn`, `error`, `fatal` or `none`.
 */
import { Config, Effect, Layer, Logger, References } from "effect"

const levels = {
  trace: "Trace",
  debug: "Debug",
  info: "Info",
  warn: "Warn",
  error: "Error",
  fatal: "Fatal",
  none: "None"
} as const

export const layer = Layer.mergeAll(
  Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]),
  Layer.effect(
    References.MinimumLogLevel,
    Config.Literals(Object.keys(levels) as ReadonlyArray<keyof typeof levels>, "GLOMERS_LOG").pipe(
      Config.withDefault("info"),
      Effect.map((level) => levels[level])
    )
  )
)
