import { Effect } from "effect"
import { CommitOffsets, ListCommittedOffsets, Poll, Send } from "../../../../src/protocol/Kafka.ts"
import { answering } from "../testRun.ts"

/** Answers the requests of the kafka workload from perfect logs, but for the newest records that it hides. */
export const testLogs = ({ hidden = 0 } = {}) => {
  const logs = new Map<string, Array<readonly [offset: number, message: unknown]>>()
  const committed = new Map<string, number>()
  const recordsFrom = (key: string, offset: number) => (logs.get(key) ?? []).slice(offset)

  const send = answering(Send, ({ key, msg }) =>
    Effect.sync(() => {
      const log = logs.get(key) ?? []
      logs.set(key, log)
      return { offset: log.push([log.length, msg]) - 1 }
    })
  )
  const poll = answering(Poll, ({ offsets }) =>
    Effect.sync(() => ({
      msgs: Object.fromEntries(
        Object.entries(offsets).flatMap(([key, offset]) => {
          const records = recordsFrom(key, offset).filter(([place]) => place < logs.get(key)!.length - hidden)
          return records.length === 0 ? [] : [[key, records]]
        })
      ) as (typeof Poll.reply.Type)["msgs"]
    }))
  )
  const commit = answering(CommitOffsets, ({ offsets }) =>
    Effect.sync(() => {
      for (const [key, offset] of Object.entries(offsets)) {
        committed.set(key, Math.max(committed.get(key) ?? 0, offset))
      }
      return {}
    })
  )
  const list = answering(ListCommittedOffsets, ({ keys }) =>
    Effect.sync(() => ({
      offsets: Object.fromEntries(
        keys.flatMap((key) => (committed.has(key) ? [[key, committed.get(key)!] as const] : []))
      )
    }))
  )
  return { logs, committed, answers: [send, poll, commit, list] }
}
