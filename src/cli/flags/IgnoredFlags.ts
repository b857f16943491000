/**
 * Flags of Jepsen that have no effect here: they are about machines, and here there is one. They are taken, so that
 * command lines written for Maelstrom run as they are.
 */
import { Console, Effect, Option, Predicate } from "effect"
import { type Command, Flag } from "effect/cli"
import * as Switch from "./Switch.ts"

const text = (name: string) => Flag.String(name).pipe(Flag.withHidden, Flag.optional)

const onOff = (name: string) => Switch.make(name, "Has no effect").pipe(Flag.withHidden)

/** In the order of Jepsen's own list. */
export const ignoredFlags = {
  username: text("username"),
  password: text("password"),
  strictHostKeyChecking: onOff("strict-host-key-checking"),
  noSsh: onOff("no-ssh"),
  sshPrivateKey: text("ssh-private-key"),
  leaveDbRunning: onOff("leave-db-running"),
  loggingJson: onOff("logging-json")
}

/** The values of {@link ignoredFlags}. */
export type IgnoredFlags = Command.Command.Config.Infer<typeof ignoredFlags>

/** Says in one line on stderr which of them were given, if any was. */
export const report = (flags: IgnoredFlags): Effect.Effect<void> => {
  const given = Object.entries(ignoredFlags).flatMap(([key]) => {
    const value = flags[key as keyof IgnoredFlags]
    return Predicate.isBoolean(value) ? (value ? [flagName(key)] : []) : Option.isSome(value) ? [flagName(key)] : []
  })
  return given.length === 0 ? Effect.void : Console.error(`glomers: without effect here: ${given.join(", ")}`)
}

const flagName = (key: string): string => `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
