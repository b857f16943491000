/**
 * Hosts nodes as processes of their own: any executable that speaks Maelstrom's protocol on stdin and stdout, in real
 * time.
 *
 * After `maelstrom.process`. Where that warns of what a node does wrong and no longer listens to it, this fails.
 */
import { Context, Deferred, Effect, Exit, FileSystem, Path, type PlatformError, Scope } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"
import { excerpt } from "../../../protocol/Excerpt.ts"
import type { Message } from "../../../protocol/Message.ts"
import type { Network } from "../../network/Network.ts"
import { type NodeHost, NodeFailed } from "../NodeHost.ts"
import * as Lifecycle from "./Lifecycle.ts"
import * as Stderr from "./Stderr.ts"

export interface Options {
  /** The path of an executable or, where there is none of that path, the name of a command on the `PATH`. */
  readonly bin: string
  readonly args: ReadonlyArray<string>
  readonly network: Network
  /** Where each node's stderr goes, to `<node>.log`. The directory is made where there is none. */
  readonly logDirectory?: string | undefined
  /** Whether what nodes print on stderr is logged as well. */
  readonly logStderr?: boolean | undefined
}

/**
 * Each node is a process in a process group of its own. It fails when it ends, closes its stdin, prints on stdout what
 * is no message, sends to nobody, or leaves a million messages unread. Its log is what it prints on stderr.
 *
 * A node's scope ends with the whole process group: `SIGTERM`, and `SIGKILL` for what is left after
 * {@link Lifecycle.grace}. To end many at once, start them in a scope that closes in parallel. A crash is a `SIGKILL`,
 * a pause a `SIGSTOP`.
 */
export const make = Effect.fnUntraced(function* ({ args, bin, logDirectory, logStderr = false, network }: Options) {
  const services = Context.pick(
    ChildProcessSpawner.ChildProcessSpawner,
    FileSystem.FileSystem,
    Path.Path
  )(yield* Effect.context<ChildProcessSpawner.ChildProcessSpawner | FileSystem.FileSystem | Path.Path>())
  const options: ChildProcess.KillOptions = { killSignal: "SIGTERM", forceKillAfter: Lifecycle.grace }
  const command = ChildProcess.make(yield* resolve(bin), args, options)

  const send = (message: Message): string | undefined =>
    network.send(message) === undefined
      ? undefined
      : `sent a message to ${message.dest}, which does not exist: ${excerpt(JSON.stringify(message))}`

  const host: NodeHost = {
    start: Effect.fnUntraced(function* (id) {
      const scope = yield* Effect.scope
      const failed = yield* Deferred.make<never, NodeFailed>()
      const log = yield* Stderr.make(id, { directory: logDirectory, show: logStderr }).pipe(
        Effect.mapError((error) => new NodeFailed({ node: id, text: `has no log: ${error.message}`, log: [] }))
      )
      const failure = (text: string) => new NodeFailed({ node: id, text, log: log.lines().slice(-shownLines) })
      const fail = (text: string) => Effect.asVoid(Effect.suspend(() => Deferred.fail(failed, failure(text))))

      let current: { readonly scope: Scope.Closeable; readonly lifecycle: Lifecycle.Lifecycle } | undefined
      network.attach(id, (message) => current?.lifecycle.deliver(message))

      const crash = Effect.suspend(() => {
        if (current === undefined) {
          return Effect.void
        }
        const { lifecycle, scope } = current
        current = undefined
        return Effect.andThen(lifecycle.killOnClose, Scope.close(scope, Exit.void))
      })
      const start = Effect.gen(function* () {
        yield* crash
        const own = yield* Scope.fork(scope)
        const lifecycle = yield* Lifecycle.start({ id, command, log, send, fail }).pipe(
          Scope.provide(own),
          Effect.catch((error) => Effect.flatMap(whyNot(bin, error), (text) => Effect.fail(failure(text))))
        )
        current = { scope: own, lifecycle }
      }).pipe(Effect.uninterruptible, Effect.provideContext(services))
      const signal = (name: ChildProcess.Signal) => Effect.suspend(() => current?.lifecycle.signal(name) ?? Effect.void)

      yield* start
      return {
        id,
        crash,
        restart: start,
        pause: signal("SIGSTOP"),
        resume: signal("SIGCONT"),
        failure: Deferred.await(failed),
        log: Effect.sync(() => log.lines()),
        complaint: Effect.sync(() => current?.lifecycle.complaint())
      }
    }, Effect.provideContext(services))
  }
  return host
})

/** How many lines of its log a node's failure shows. */
const shownLines = 20

/** Maelstrom takes a path and knows no commands, so a path goes first. */
const resolve = Effect.fnUntraced(function* (bin: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const file = path.resolve(bin)
  return bin.includes("/") || (yield* Effect.orElseSucceed(fs.exists(file), () => false)) ? file : bin
})

/** What is wrong with an executable that could not be started. */
const whyNot = Effect.fnUntraced(function* (bin: string, error: PlatformError.PlatformError) {
  const fs = yield* FileSystem.FileSystem
  const type = yield* fs.stat(yield* resolve(bin)).pipe(
    Effect.map((info) => info.type),
    Effect.orElseSucceed(() => undefined)
  )
  const found = () => {
    switch (error.reason._tag) {
      case "NotFound":
        return type === undefined ? "nothing" : "a script whose interpreter does not exist"
      case "PermissionDenied":
        return type === "Directory" ? "a directory" : "a file that is not executable"
      default:
        return error.message
    }
  }
  return `could not be started: expected an executable at ${bin}, found ${found()}`
})
