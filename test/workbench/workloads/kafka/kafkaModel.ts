import { Schema } from "effect"
import type { Operation, OperationType } from "../../../../src/workbench/history/Operation.ts"

/**
 * What a client does next: end the operation that it is in, or begin one. `late` operations take effect when they end
 * rather than when they begin. `size` bounds how many records a poll returns of a key, and makes offsets sparse.
 */
export const Step = Schema.Struct({
  client: Schema.Literals([0, 1, 2]),
  action: Schema.Literals(["send", "poll", "assign", "seek", "crash", "refused send", "lost send", "lost poll"]),
  key: Schema.Literals(["a", "b"]),
  both: Schema.Boolean,
  late: Schema.Boolean,
  size: Schema.Literals([1, 2, 3])
})
export type Step = typeof Step.Type

/** Something wrong with the model: one record that no poll returns, or committed offsets that are too high. */
export interface Fault {
  readonly hidden?: { readonly key: string; readonly offset: number }
  readonly commitsAhead?: number
}

/** The history of three clients that use perfect logs, with final polls of everything. */
export const modelHistory = (steps: ReadonlyArray<Step>, fault: Fault = {}): ReadonlyArray<Operation> => {
  const history: Array<Operation> = []
  const logs = new Map<string, Array<readonly [offset: number, value: number]>>([
    ["a", []],
    ["b", []]
  ])
  const committed = new Map<string, number>()
  // A node may answer with what was committed, or with what comes after it.
  const answersNext = (steps[0]?.size ?? 0) % 2
  let sent = 0
  let isFinal = false

  const push = (client: Client, type: OperationType, f: string, value: unknown, more: object = {}) => {
    const index = history.length
    history.push({ index, time: index * 1_000_000, type, process: client.process, f, value, ...more })
  }

  const send = (key: string, value: number, size: number): number => {
    const log = logs.get(key)!
    const offset = (log.at(-1)?.[0] ?? -1) + size
    log.push([offset, value])
    return offset
  }

  const poll = (client: Client, size: number) => {
    const records: { [key: string]: ReadonlyArray<readonly [number, number]> } = {}
    for (const [key, position] of client.positions) {
      records[key] = logs
        .get(key)!
        .filter(([offset]) => offset >= position)
        .filter(([offset]) => key !== fault.hidden?.key || offset !== fault.hidden.offset)
        .slice(0, size)
      client.positions.set(key, Math.max(position, (records[key].at(-1)?.[0] ?? -1) + 1))
    }
    return records
  }

  const commit = (records: { readonly [key: string]: ReadonlyArray<readonly [number, number]> }) => {
    for (const [key, pairs] of Object.entries(records)) {
      const last = pairs.at(-1)
      if (last !== undefined) {
        committed.set(key, Math.max(committed.get(key) ?? 0, last[0]))
      }
    }
  }

  const list = (keys: ReadonlyArray<string>) =>
    new Map(
      keys.flatMap((key) => {
        const offset = committed.get(key)
        return offset === undefined ? [] : [[key, offset + answersNext + (fault.commitsAhead ?? 0)] as const]
      })
    )

  // The end of each operation, made by its effect.
  const effects: { readonly [action in Step["action"]]: (client: Client, step: Step, value: number) => () => void } = {
    send: (client, { key, size }, value) => {
      const offset = send(key, value, size)
      return () => push(client, "ok", "send", [["send", key, [offset, value]]])
    },
    "refused send":
      (client, { key }, value) =>
      () =>
        push(client, "fail", "send", [["send", key, value]], { error: ["temporarily-unavailable", "busy"] }),
    "lost send": (client, { key, size }, value) => {
      if (size !== 1) {
        send(key, value, size)
      }
      return () => crash(client, "send", [["send", key, value]])
    },
    poll: (client, { size }) => {
      const records = poll(client, size)
      if (size === 1) {
        commit(records)
      }
      return () => {
        commit(records)
        push(client, "ok", "poll", [["poll", records]])
      }
    },
    "lost poll": (client, { size }) => {
      commit(poll(client, size))
      return () => crash(client, "poll", [["poll"]])
    },
    assign: (client, step) => {
      const keys = keysOf(step)
      const answer = list(keys)
      client.positions = new Map(keys.map((key) => [key, client.positions.get(key) ?? answer.get(key) ?? 0]))
      return () => push(client, "ok", "assign", keys, { committed: Object.fromEntries(answer) })
    },
    seek: (client, step) => {
      const keys = keysOf(step)
      client.positions = new Map(keys.map((key) => [key, 0]))
      const listed = isFinal ? { final: true, committed: Object.fromEntries(list(keys)) } : {}
      return () => push(client, "ok", "assign", keys, { "seek-to-beginning": true, ...listed })
    },
    crash: (client) => () => crash(client, "crash", null)
  }

  const crash = (client: Client, f: string, value: unknown) => {
    push(client, "info", f, value, f === "crash" ? {} : { error: "net-timeout" })
    client.process += clients.length
    client.positions = new Map()
  }

  const begin = (client: Client, step: Step) => {
    const value = step.action.endsWith("send") ? ++sent : 0
    switch (step.action) {
      case "send":
      case "refused send":
      case "lost send":
        push(client, "invoke", "send", [["send", step.key, value]])
        break
      case "poll":
      case "lost poll":
        push(client, "invoke", "poll", [["poll"]])
        break
      case "assign":
      case "seek":
        push(client, "invoke", "assign", keysOf(step), step.action === "seek" ? { "seek-to-beginning": true } : {})
        break
      case "crash":
        push(client, "invoke", "crash", null)
    }
    const effect = () => effects[step.action](client, step, value)
    client.end = step.late ? () => effect()() : effect()
  }

  const advance = (client: Client, step: Step) => {
    if (client.end === undefined) {
      // The workload lets a client seek only when it is new.
      begin(client, step.action === "seek" && client.positions.size > 0 ? { ...step, action: "assign" } : step)
    } else {
      client.end()
      client.end = undefined
    }
  }

  const clients: ReadonlyArray<Client> = [0, 1, 2].map((process) => ({ process, positions: new Map(), end: undefined }))
  for (const step of steps) {
    advance(clients[step.client]!, step)
  }
  for (const client of clients) {
    client.end?.()
    client.end = undefined
  }
  isFinal = true
  for (const client of clients) {
    for (const action of ["crash", "seek", "poll"] as const) {
      const step: Step = { client: 0, action, key: "a", both: true, late: false, size: 3 }
      const rounds = action === "poll" ? 1 + Math.ceil(sent / step.size) : 1
      for (let round = 0; round < rounds; round++) {
        advance(client, step)
        advance(client, step)
      }
    }
  }
  return history
}

const keysOf = ({ both, key }: Step): ReadonlyArray<string> => (both ? ["a", "b"] : [key])

interface Client {
  process: number
  positions: Map<string, number>
  end: (() => void) | undefined
}
