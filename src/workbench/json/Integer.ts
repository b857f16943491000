/**
 * Integers of any size and sign: numbers as long as a double holds them exactly, and bigints beyond.
 *
 * They compare with `<` and `>` whichever of the two they are, and with `===`, since each integer has one form.
 */
import { Order, Schema } from "effect"
import { type ExactNumber, isExactNumber } from "./ExactNumber.ts"

export type Integer = number | bigint

/** An integer as it stands in JSON: `3`, and not `3.0`. Decoded it is as it was written. */
export const Json = Schema.declare<number | ExactNumber>((json): json is number | ExactNumber => isInteger(json), {
  expected: "an integer"
})
export type Json = typeof Json.Type

/** Whether a JSON value is an integer. */
export const isInteger = (json: unknown): json is Json =>
  isExactNumber(json) ? /^-?\d+$/.test(json.rawJSON) : Number.isSafeInteger(json)

/** The integer that stands in JSON. */
export const fromJson = (json: Json): Integer => (isExactNumber(json) ? fromBigInt(BigInt(json.rawJSON)) : json)

/** An integer that is a bigint whatever its size. */
const fromBigInt = (integer: bigint): Integer => (Number.isSafeInteger(Number(integer)) ? Number(integer) : integer)

/** The integer as JSON has it. */
export const toJson = (integer: Integer): Json =>
  typeof integer === "bigint" ? JSON.rawJSON(String(integer)) : integer

/** An integer and a small number together; what is infinite stays so. */
export const plus = (integer: Integer, difference: number): Integer => {
  const sum = typeof integer === "number" ? integer + difference : Number.NaN
  return Number.isSafeInteger(sum) || Math.abs(sum) === Number.POSITIVE_INFINITY
    ? sum
    : fromBigInt(BigInt(integer) + BigInt(difference))
}

/** The greater of two. */
export const max = (left: Integer, right: Integer): Integer => (left < right ? right : left)

/** From the least to the greatest. */
export const order: Order.Order<Integer> = Order.make((left, right) => (left < right ? -1 : left > right ? 1 : 0))
