/**
 * Formats evidence as text: an anomaly, the operations that show it, and the messages between them.
 */
import { truncate } from "../../protocol/Excerpt.ts"
import type { Operation } from "../../workbench/history/Operation.ts"
import type { Evidence, Transfer } from "../../workbench/run/Evidence.ts"

/** The lines that tell of one problem: what it is, the operations that show it, and the messages between them. */
export const lines = ({ count, message, messages, messagesLeftOut, name, operations }: Evidence): Array<string> => {
  const middle = Math.ceil(messages.length / 2)
  const [early, late] = messagesLeftOut > 0 ? [messages.slice(0, middle), messages.slice(middle)] : [messages, []]
  return [
    `  ${name}: ${message}${count > 1 ? ` (and ${count - 1} more of the kind)` : ""}`,
    ...operations.slice(0, operationLimit).map((operation) => `    ${operationLine(operation)}`),
    ...leftOut(operations.length - operationLimit, "operations"),
    ...(messages.length > 0 ? ["    Messages between them:"] : []),
    ...early.map((transfer) => `      ${transferLine(transfer)}`),
    ...leftOut(messagesLeftOut, "messages"),
    ...late.map((transfer) => `      ${transferLine(transfer)}`)
  ]
}

const operationLimit = 10

const leftOut = (count: number, what: string): Array<string> => (count > 0 ? [`      … ${count} more ${what} …`] : [])

const operationLine = ({ error, f, index, process, time, type, value }: Operation): string =>
  brief(
    [
      `[${index}]`,
      seconds(time),
      `${process}`.padStart(4),
      type.padEnd(6),
      f,
      json(value),
      ...(error === undefined ? [] : [`error ${json(error)}`])
    ].join(" ")
  )

const transferLine = ({ message: { body, dest, src }, received, sent }: Transfer): string =>
  brief(
    [
      seconds(sent),
      `${src} → ${dest}`.padEnd(11),
      (received === undefined ? "did not arrive" : `${((received - sent) / 1e6).toFixed(0)} ms`).padStart(7),
      json(body)
    ].join(" ")
  )

const seconds = (nanos: number): string => `${(nanos / 1e9).toFixed(3).padStart(7)} s`

const json = (value: unknown): string => JSON.stringify(value) ?? "null"

const brief = (text: string): string => truncate(text, widest)

const widest = 160
