import { Schema } from "effect"
import type { History, Operation } from "../../../src/workbench/history/Operation.ts"

/**
 * What a client does next: end the transaction that it is in, or begin one. Whatever the actions are, at least two
 * transactions are run, so that there is something to judge.
 */
export const Steps = Schema.Array(
  Schema.Struct({
    client: Schema.Literals([0, 1, 2]),
    microOperations: Schema.Array(
      Schema.Struct({ kind: Schema.Literals(["r", "w"]), key: Schema.Literals(["a", "b", "c"]) })
    ).check(Schema.isMaxLength(4)),
    late: Schema.Boolean,
    outcome: Schema.Literals(["ok", "ok", "ok", "fail", "info"])
  })
)
export type Steps = typeof Steps.Type

/**
 * The history of three clients of a store that runs one transaction after the other, each when it begins or, if it is
 * late, when it ends. A delayed store reads when the transaction begins and writes when it ends.
 */
export const clientRuns = (steps: Steps, { delayed = false }: { readonly delayed?: boolean } = {}): History => {
  const store = new Map<string, number>()
  const history: Array<Operation> = []
  const pending = new Map<number, () => void>()
  const processes = [0, 1, 2]
  let written = 0

  const push = (type: Operation["type"], process: number, value: unknown) =>
    history.push({ index: history.length, time: history.length, type, process, f: "txn", value })

  const begin = (step: Steps[number]) => {
    const process = processes[step.client]!
    const asked = step.microOperations.map(({ kind, key }) => [kind, key, kind === "w" ? ++written : null] as const)
    push("invoke", process, asked)
    const read = () => {
      const seen = new Map(store)
      return asked.map(([kind, key, value]) => {
        if (value !== null) {
          seen.set(key, value)
        }
        return [kind, key, seen.get(key) ?? null] as const
      })
    }
    const write = () => {
      for (const [, key, value] of asked) {
        if (value !== null) {
          store.set(key, value)
        }
      }
    }
    const early = delayed || !step.late ? read() : undefined
    if (!delayed && !step.late && step.outcome !== "fail") {
      write()
    }
    pending.set(step.client, () => {
      const done = early ?? read()
      if ((delayed || step.late) && step.outcome !== "fail") {
        write()
      }
      push(step.outcome, process, step.outcome === "ok" ? done : asked)
      processes[step.client] = step.outcome === "info" ? process + 3 : process
    })
  }

  const end = (client: number) => {
    pending.get(client)?.()
    pending.delete(client)
  }

  for (const step of [...steps, ...closing]) {
    if (pending.has(step.client)) {
      end(step.client)
    } else {
      begin(step)
    }
  }
  for (const client of pending.keys()) {
    end(client)
  }
  return history
}

const closing: Steps = [0, 0, 1, 1, 0, 0, 1, 1].map((client) => ({
  client: client as 0 | 1,
  microOperations: [{ kind: client === 0 ? "w" : "r", key: "a" }],
  late: false,
  outcome: "ok"
}))
