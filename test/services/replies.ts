import { assert } from "@effect/vitest"
import type { Body } from "../../src/protocol/Message.ts"
import type { TestNode } from "./TestNode.ts"

/** Asserts that a body is an error of this code whose text has this in it. */
export const isError = (body: Body, code: number, text: string | RegExp) => {
  assert.strictEqual(body.type, "error")
  assert.strictEqual(body.code, code, String(body.text))
  assert.match(String(body.text), new RegExp(text))
}

/** Those of the bodies that a node has sent which answer one of the requests with these ids. */
export const answers = (node: TestNode<unknown>, ...ids: ReadonlyArray<number>) =>
  node.sent.filter(({ body }) => ids.includes(Number(body.in_reply_to))).map(({ body }) => body)
