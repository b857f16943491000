import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { NodeId } from "../../../../src/protocol/NodeId.ts"
import { decodeLine, makeUnfinished } from "../../../../src/workbench/nodes/process/Stdout.ts"

const decode = (line: string) => decodeLine(NodeId.make("n0"), line)

/** What is odd about the output before and after each piece of it. */
const complaintsOf = (...pieces: ReadonlyArray<string>) => {
  const unfinished = makeUnfinished()
  return [
    unfinished.complaint(),
    ...pieces.map((piece) => {
      assert.strictEqual(unfinished.note(piece), piece)
      return unfinished.complaint()
    })
  ].map((complaint) => complaint?.replace(/^has printed (\d+) characters .*: /, "$1 "))
}

describe("ProcessOutput", () => {
  it("takes a message, whatever its body holds", () => {
    const bodies = [
      `{"type":"echo_ok","in_reply_to":1}`,
      `{"type":"gossip","msg_id":null,"in_reply_to":null}`,
      `{"msg_id":"a1b2"}`,
      `{}`
    ]
    for (const body of bodies) {
      const line = `{"src":"n0","dest":"c1","body":${body}}`
      assert.strictEqual(JSON.stringify(Result.getOrThrow(decode(line))), line)
    }
  })

  it("keeps numbers as they were written", () => {
    const line = `{"src":"n0","dest":"c1","body":{"type":"generate_ok","id":7155483058429902849,"ratio":3.0}}`
    assert.strictEqual(JSON.stringify(Result.getOrThrow(decode(line))), line)
  })

  it("refuses everything else, and says what was expected and what came", () => {
    const problems = {
      "": /^printed a line on stdout that is not JSON .*: $/,
      "starting up": /^printed a line on stdout that is not JSON .*: starting up$/,
      '{"src":"n0","dest":"c1"': /not JSON/,
      "42": /^printed JSON on stdout that is not a message: Expected object: 42$/,
      '{"dest":"c1","body":{}}': /not a message: src: Missing key: {"dest":"c1","body":{}}$/,
      '{"src":"n0","dest":7,"body":{}}': /not a message: dest: Expected string: /,
      '{"src":"n0","dest":"c1","body":[]}': /not a message: body: Expected object: /,
      '{"id":null,"src":"n0","dest":"c1","body":{}}': /not a message: id: Expected an integer: /,
      '{"src":"n0","dest":"c1","body":{},"time":1}': /not a message: time: Expected no excess property: /,
      '{"src":"n1","dest":"c1","body":{}}': /^sent a message in another's name: expected "src":"n0", got "src":"n1": /
    }
    for (const [line, pattern] of Object.entries(problems)) {
      assert.match(Result.getOrThrow(Result.flip(decode(line))), pattern)
    }
  })

  it("tells what of a node's output is no line yet", () => {
    const nothing = "has printed nothing on stdout: output that is buffered has to be flushed after each message"
    assert.deepStrictEqual(complaintsOf("", '{"a"', ":1}", "\n", "{}\n{", "}\n{}\n"), [
      nothing,
      nothing,
      '4 {"a"',
      '7 {"a":1}',
      undefined,
      "1 {",
      undefined
    ])
    const [, first, second] = complaintsOf("x".repeat(150), "y".repeat(5_000_000))
    assert.strictEqual(first, `150 ${"x".repeat(150)}`)
    assert.strictEqual(second, `5000150 ${"x".repeat(150)}${"y".repeat(50)}…`)
  })

  it("takes an id of any size, and JSON of a thousand levels", () => {
    const nested = `${"[".repeat(998)}"[[["${"]".repeat(998)}`
    const message = `"src":"n0","dest":"c1","body":{"echo":${nested}}}`
    const decoded = Result.getOrThrow(decode(`{"id":9007199254740993,${message}`))
    assert.strictEqual(JSON.stringify(decoded), `{${message}`)
  })

  it("does not count brackets in strings", () => {
    const text = JSON.stringify(`\\"${"[{".repeat(2000)}`)
    const line = `{"src":"n0","dest":"c1","body":{"echo":${text}}}`
    assert.strictEqual(JSON.stringify(Result.getOrThrow(decode(line))), line)
  })

  it("refuses JSON that is deeper, at any depth", () => {
    for (const depth of [999, 1e5, 1e6]) {
      const nested = `${"[".repeat(depth)}${"]".repeat(depth)}`
      const line = `{"src":"n0","dest":"c1","body":{"echo":${nested}}}`
      assert.match(
        Result.getOrThrow(Result.flip(decode(line))),
        /^printed a line on stdout that is nested more than 1000 levels deep: {"src":"n0"/
      )
    }
  })

  it("tells of several messages in one line", () => {
    const message = '{"src":"n0","dest":"c1","body":{"type":"hello"}}'
    for (const line of [message + message, `${message} ${message}`]) {
      assert.match(Result.getOrThrow(Result.flip(decode(line))), /^printed several messages in one line on stdout, /)
    }
    assert.match(Result.getOrThrow(Result.flip(decode(`{"a"}{${message}`))), /is not JSON/)
  })

  it("shows no more of a line than can be read", () => {
    const problem = Result.getOrThrow(Result.flip(decode("x".repeat(1_000_000))))
    assert.match(problem, /x… \(1000000 characters\)$/)
    assert.isBelow(problem.length, 400)
  })
})
