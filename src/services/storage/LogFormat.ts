/**
 * Format of a log's file: checksummed frames, one a line, each with the records of one write.
 *
 * ```text
 * 8107f82e [{"add":1},{"add":2}]
 * ```
 *
 * A write that a crash tore is the last one of a file, since none begins before the one before is on the disk; of it
 * any part may be there, and none of its records was acknowledged. So a bad frame with no good one behind it is a torn
 * write, and is left out as a whole, and one with a good frame behind it is damage.
 */
import { Result, type Schema } from "effect"
import { crc32 } from "./Crc32.ts"

/** What a file holds. */
export interface Contents {
  readonly records: ReadonlyArray<Schema.Json>
  /** How many bytes of it are good. What follows is a torn write. */
  readonly goodBytes: number
}

/** A bad frame that is no torn write: the record that it should begin with, counted from 1, and the byte. */
export interface Damage {
  readonly record: number
  readonly byte: number
}

/** A write of records, each of them a text of JSON. */
export const frame = (records: ReadonlyArray<string>): Uint8Array => {
  const payload = encoder.encode(`[${records.join(",")}]`)
  const bytes = new Uint8Array(headerBytes + payload.length + 1)
  bytes.set(encoder.encode(`${checksum(payload)} `))
  bytes.set(payload, headerBytes)
  bytes[bytes.length - 1] = newline
  return bytes
}

/**
 * A whole file of records. An empty frame ends it: what is written at once was on the disk before it became the log, so
 * that no damage to it may pass for a torn write.
 */
export const file = (records: ReadonlyArray<string>): Uint8Array => {
  const frames: Array<Uint8Array> = []
  for (let from = 0; from < records.length; from += recordsOfFrame) {
    frames.push(frame(records.slice(from, from + recordsOfFrame)))
  }
  frames.push(frame([]))
  const bytes = new Uint8Array(frames.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const one of frames) {
    bytes.set(one, at)
    at += one.length
  }
  return bytes
}

/** The records of a file, in order. */
export const read = (bytes: Uint8Array): Result.Result<Contents, Damage> => {
  const records: Array<Schema.Json> = []
  let at = 0
  for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, at)) {
    const found = recordsOf(bytes.subarray(at, end))
    if (found === undefined) {
      break
    }
    for (const record of found) {
      records.push(record)
    }
    at = end + 1
  }
  return holdsFrame(bytes.subarray(at))
    ? Result.fail({ record: records.length + 1, byte: at })
    : Result.succeed({ records, goodBytes: at })
}

/** How many records of a whole file share a checksum: each costs more than its records. */
const recordsOfFrame = 1000

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const newline = 0x0a

/** Eight hexadecimal digits and a space. */
const headerBytes = 9

const checksum = (payload: Uint8Array) => crc32(payload).toString(16).padStart(8, "0")

/** The records of a frame without its newline; undefined if it is none. */
const recordsOf = (line: Uint8Array): ReadonlyArray<Schema.Json> | undefined => {
  const payload = line.subarray(headerBytes)
  return decoder.decode(line.subarray(0, headerBytes)) === `${checksum(payload)} `
    ? Result.getOrUndefined(Result.try(() => JSON.parse(decoder.decode(payload)) as ReadonlyArray<Schema.Json>))
    : undefined
}

/** Whether a good frame begins anywhere: the newline before it may be what is damaged. */
const holdsFrame = (bytes: Uint8Array): boolean => {
  // One character a byte, so that positions are the same.
  const text = new TextDecoder("latin1").decode(bytes)
  for (const { index } of text.matchAll(/[0-9a-f]{8} \[/g)) {
    const end = bytes.indexOf(newline, index)
    if (end !== -1 && recordsOf(bytes.subarray(index, end)) !== undefined) {
      return true
    }
  }
  return false
}
