/**
 * Formats evidence as text: an anomaly, the operations that show it, and the messages between them.
 */
import { truncate } from "../../protocol/Excerpt.ts"
import type { Operation } from "../../workbench/history/Operation.ts"
import type { FaultInForce } from "../../workbench/nemesis/FaultsInForce.ts"
import type { Evidence } from "../../workbench/run/Evidence.ts"
import type { Transfer } from "../../workbench/run/Transfers.ts"

/**
 * The lines that tell of one problem: what it is, the operations that show it, the faults that were in force meanwhile,
 * and the messages between them.
 */
export const lines = (evidence: Evidence): Array<string> => {
  const { count, faults = [], faultsLeftOut = 0, message, messages, messagesLeftOut, name, operations } = evidence
  return [
    `  ${name}: ${message}${count > 1 ? ` (and ${count - 1} more of the kind)` : ""}`,
    ...operations.slice(0, operationLimit).map((operation) => `    ${operationLine(operation)}`),
    ...leftOut(operations.length - operationLimit, "operations"),
    ...(faults.length > 0 ? [`    Faults in force ${isOver(evidence) ? "before" : "meanwhile"}:`] : []),
    ...faults.map((fault) => `      ${faultLine(fault)}`),
    ...leftOut(faultsLeftOut, "faults"),
    ...(messages.length > 0 ? [`    Messages between them${without(messagesLeftOut)}:`] : []),
    ...messages.map((transfer) => `      ${transferLine(transfer)}`)
  ]
}

/** A sentence on the faults that were in force, the first of each kind; empty if there were none. */
export const meanwhile = (evidence: Evidence): string => {
  const { faults = [], faultsLeftOut = 0 } = evidence
  const named = [...Map.groupBy(faults, ({ name }) => name).values()].map(([first]) => first!)
  const more = faults.length - named.length + faultsLeftOut
  const said = named.map((fault) => `${fault.description} (${when(fault)})`)
  return named.length === 0
    ? ""
    : ` ${isOver(evidence) ? "Before that" : "Meanwhile"} ${[...said, ...(more > 0 ? [`and ${more} more ${more > 1 ? "faults" : "fault"}`] : [])].join(", ")}.`
}

/** Whether all faults were over when the first operation began, as they are in the final phase. */
const isOver = ({ faults = [], operations }: Evidence): boolean =>
  faults.every(({ to }) => to !== undefined && to <= (operations[0]?.time ?? 0))

const operationLimit = 10

const leftOut = (count: number, what: string): Array<string> => (count > 0 ? [`      … ${count} more ${what} …`] : [])

const without = (count: number): string => (count > 0 ? `, ${count} more messages left out` : "")

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

const faultLine = ({ description, from, to }: FaultInForce): string =>
  brief(`${seconds(from)} to ${to === undefined ? "the end".padStart(9) : seconds(to)}  ${description}`)

const when = ({ from, to }: FaultInForce): string =>
  to === undefined ? `from ${seconds(from).trim()} on` : `${seconds(from).trim()} to ${seconds(to).trim()}`

const seconds = (nanos: number): string => `${(nanos / 1e9).toFixed(3).padStart(7)} s`

const json = (value: unknown): string => JSON.stringify(value) ?? "null"

const brief = (text: string): string => truncate(text, widest)

const widest = 160
