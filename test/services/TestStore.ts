import { Effect } from "effect"
import type { TestBody, TestPeer } from "./TestTransport.ts"

/** A key-value service: one store for all who ask, every operation at one instant. */
export interface TestStore {
  readonly peer: TestPeer
  /** The bodies of the requests that it got, without their ids. */
  readonly requests: ReadonlyArray<TestBody>
  /** Values by the JSON text of their key. */
  readonly values: Map<string, unknown>
  /** How many compare-and-sets found another value. */
  readonly conflicts: () => number
}

export const make = (): TestStore => {
  const values = new Map<string, unknown>()
  const requests: Array<TestBody> = []
  let conflicts = 0

  const answer = (body: TestBody): TestBody => {
    const key = JSON.stringify(body.key)
    switch (body.type) {
      case "read":
        return values.has(key) ? { type: "read_ok", value: values.get(key) } : missing
      case "write":
        values.set(key, body.value)
        return { type: "write_ok" }
      case "cas":
        if (!values.has(key) && body.create_if_not_exists !== true) {
          return missing
        }
        if (values.has(key) && JSON.stringify(values.get(key)) !== JSON.stringify(body.from)) {
          conflicts += 1
          return { type: "error", code: 22, text: `not ${JSON.stringify(body.from)}` }
        }
        values.set(key, body.to)
        return { type: "cas_ok" }
      default:
        return { type: "error", code: 10, text: body.type }
    }
  }

  return {
    peer: ({ body }) =>
      Effect.sync(() => {
        const { msg_id: _msgId, ...request } = body
        requests.push(request as TestBody)
        return answer(request as TestBody)
      }),
    requests,
    values,
    conflicts: () => conflicts
  }
}

const missing = { type: "error", code: 20, text: "key does not exist" }
