/**
 * Configures logging: to stderr, since a node's stdout belongs to the protocol. `GLOMERS_LOG` sets the lowest level
 * that is shown: `trace`, `debug`, `info` (the default), `warn`, `error`, `fatal` or `none`.
 */
import { Config, Effect, Layer, Logger, References } from "effect"
import { CannotRun } from "./CannotRun.ts"

const levels = {
  trace: "Trace",
  debug: "Debug",
  info: "Info",
  warn: "Warn",
  error: "Error",
  fatal: "Fatal",
  none: "None"
} as const

const names = Object.keys(levels) as ReadonlyArray<keyof typeof levels>

/** Writes logs to stderr. */
export const layerStderr = Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])

/** Takes the level from the environment; `CannotRun` if there is no such level. */
export const layerLevel = Layer.effect(
  References.MinimumLogLevel,
  Config.Literals(names, "GLOMERS_LOG").pipe(
    Config.withDefault("info"),
    Effect.map((level) => levels[level]),
    Effect.mapError(() => new CannotRun({ text: `GLOMERS_LOG is not one of: ${names.join(", ")}` }))
  )
)
