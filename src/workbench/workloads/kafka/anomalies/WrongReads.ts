/**
 * Wrong reads: polls of messages that should not be there. They were never sent, not sent yet, refused, or are the
 * transaction's own.
 */
import { kind, untyped } from "../../../json/JsonValue.ts"
import type { AnomalyCase } from "./AnomalyCase.ts"
import { keyPhrase, processPhrase, valuePhrase } from "./Phrases.ts"
import type { Completion, Message, Observations } from "./Observations.ts"

/**
 * - `G1a` (aborted read): a successful poll returned a message whose send failed for certain.
 * - `garbage-read`: a poll returned a message that nobody sent. Maelstrom's checker throws on it.
 * - `precommitted-read`: a transaction polled what it sent itself.
 */
export const wrongReads = (observations: Observations): ReadonlyArray<AnomalyCase> => {
  const anomalies: Array<AnomalyCase> = []
  for (const completion of observations.completions) {
    const ok = completion.operation.type === "ok"
    for (const [log, placements] of completion.polls) {
      const own = completion.sends.get(log)
      for (const { message } of placements) {
        if (message.attempt === undefined) {
          anomalies.push(garbage(completion, message))
        } else if (ok && message.aborted !== undefined) {
          anomalies.push(aborted(completion, message))
        }
        if (own?.some((sent) => sent.message === message)) {
          anomalies.push(precommitted(completion, message))
        }
      }
    }
  }
  return anomalies
}

/**
 * `G1c-realtime`: a cycle of dependencies. A send and a poll are single micro-operations here, so that such a cycle
 * can only come from a poll that ended before the send of what it returned began. Pairs whose spans overlap belong to
 * one cycle, as Elle counts by strongly connected components.
 */
export const futureReads = (observations: Observations): ReadonlyArray<AnomalyCase> => {
  const pairs: Array<{ readonly poll: Completion; readonly message: Message; readonly begin: number }> = []
  for (const poll of observations.completions) {
    if (poll.operation.type !== "ok") {
      continue
    }
    for (const placements of poll.polls.values()) {
      for (const { message } of placements) {
        if (message.attempt !== undefined && message.attempt.index > poll.operation.index) {
          pairs.push({ poll, message, begin: message.attempt.index })
        }
      }
    }
  }
  const anomalies: Array<AnomalyCase> = []
  let end = -1
  for (const { begin, message, poll } of pairs) {
    if (poll.operation.index >= end) {
      anomalies.push(future(poll, message))
    }
    end = Math.max(end, begin)
  }
  return anomalies
}

const garbage = ({ operation }: Completion, message: Message): AnomalyCase => ({
  type: "garbage-read",
  details: { key: message.log.key, value: message.value, reader: operation.index },
  operations: [operation],
  describe: () =>
    `A poll by ${processPhrase(operation)} returned ${valuePhrase(message)} from ${keyPhrase(message.log)}, ` +
    `which nobody sent${lookalike(message)}`
})

/** Says which message that somebody did send is the same but for its kind, as `"5"` is `5`. */
const lookalike = ({ log, value }: Message): string => {
  const sent = [...log.messages.values()].find(
    (other) => other.attempt !== undefined && untyped(other.value) === untyped(value)
  )
  return sent === undefined ? "" : `; ${valuePhrase(sent)} was sent: ${kind(value)} for ${kind(sent.value)}`
}

const aborted = ({ operation }: Completion, message: Message): AnomalyCase => ({
  type: "G1a",
  details: {
    key: message.log.key,
    value: message.value,
    writer: message.writer?.index ?? null,
    reader: operation.index
  },
  operations: [message.aborted!, operation],
  describe: () =>
    `A poll by ${processPhrase(operation)} returned ${valuePhrase(message)} from ${keyPhrase(message.log)}, ` +
    `whose send failed`
})

const precommitted = ({ operation }: Completion, message: Message): AnomalyCase => ({
  type: "precommitted-read",
  details: { key: message.log.key, value: message.value, op: operation.index },
  operations: [operation],
  describe: () =>
    `A transaction by ${processPhrase(operation)} polled ${valuePhrase(message)} from ${keyPhrase(message.log)}, ` +
    `which it sent itself`
})

const future = ({ operation }: Completion, message: Message): AnomalyCase => ({
  type: "G1c-realtime",
  details: {
    key: message.log.key,
    value: message.value,
    writer: message.writer?.index ?? null,
    reader: operation.index
  },
  operations: [operation, message.attempt!],
  describe: () =>
    `A poll by ${processPhrase(operation)} returned ${valuePhrase(message)} from ${keyPhrase(message.log)} ` +
    `before its send began`
})
