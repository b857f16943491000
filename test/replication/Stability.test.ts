import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Stability from "../../src/replication/Stability.ts"

/** A node that has `version` of logs of which the first `closed` are closed, and what it gathers. */
const make = (self: number, size: number, version: Array<number>, closed = 0) => {
  const gatherer = { self, size, version, isClosed: (position: number) => position < closed }
  const stability = Stability.make(gatherer)
  return {
    get stable() {
      return stability.stable
    },
    get claim() {
      return Stability.claim(stability)
    },
    get endedEven() {
      return stability.endedEven
    },
    heard: (index: number, have: ReadonlyArray<number>, isAlike = true) =>
      Stability.heard(stability, gatherer, index, have, isAlike),
    receive: (claim: Stability.Claim, isAlike = true) => Stability.receive(stability, gatherer, claim, isAlike)
  }
}

/** Nodes that know of their logs what `versions` says, which can be changed. */
const cluster = (versions: ReadonlyArray<Array<number>>) =>
  versions.map((version, self) => make(self, versions.length, version))

const size = 4
const Index = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: size - 1 }))
const Step = Schema.Struct({ from: Index, to: Index, old: Index, learn: Schema.Boolean, say: Schema.Boolean })

describe("Stability", () => {
  it("is what all have said that they know", () => {
    const [one] = cluster([
      [5, 5],
      [3, 5]
    ])
    one!.heard(1, [3, 4])
    assert.deepStrictEqual(one!.stable, [3, 4])
  })

  it("is known to a node that hears from one other only", () => {
    const [hub, leaf, other] = cluster([
      [4, 4, 4],
      [4, 4, 4],
      [2, 4, 3]
    ])
    hub!.heard(1, [4, 4, 4])
    leaf!.receive(hub!.claim)
    assert.deepStrictEqual(leaf!.stable, [0, 0, 0])
    hub!.heard(2, [2, 4, 3])
    leaf!.receive(hub!.claim)
    other!.receive(hub!.claim)
    assert.deepStrictEqual(leaf!.stable, [2, 4, 3])
    assert.deepStrictEqual(other!.stable, [2, 4, 3])
  })

  it("goes around a chain, in both directions at once", () => {
    const nodes = cluster([[7], [7], [7], [7], [7]].map(() => [7, 7, 7, 7, 7]))
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i + 1 < nodes.length; i++) {
        const claims = [nodes[i]!.claim, nodes[i + 1]!.claim]
        nodes[i]!.receive(claims[1]!)
        nodes[i + 1]!.receive(claims[0]!)
      }
    }
    for (const { stable } of nodes) {
      assert.deepStrictEqual(stable, [7, 7, 7, 7, 7])
    }
  })

  it("does not believe that this node knows more than it does", () => {
    const [node] = cluster([
      [1, 1],
      [0, 0]
    ])
    const floor = [1, 1]
    node!.receive([0, [0, 1], [2, 1], [0, 0], true])
    node!.receive([0, [1], floor, [1, 2], true])
    node!.receive([Number.MAX_SAFE_INTEGER, [1], floor, floor, true])
    assert.deepStrictEqual(node!.claim, [0, [0], [1, 1], [0, 0], true])
  })

  for (const [what, others, isAlike, isEven] of [
    [
      "all have the same of the closed logs, and not of the others",
      [
        [4, 2],
        [4, 9]
      ],
      true,
      true
    ],
    [
      "one has less of a closed log",
      [
        [4, 7],
        [3, 7]
      ],
      true,
      false
    ],
    [
      "one has more of a closed log",
      [
        [5, 7],
        [4, 7]
      ],
      true,
      false
    ],
    [
      "one knows of other logs",
      [
        [4, 7],
        [4, 7]
      ],
      false,
      false
    ]
  ] as const) {
    it(`is ${isEven ? "" : "not "}even where ${what}`, () => {
      const node = make(0, 3, [4, 7], 1)
      node.heard(1, others[0])
      node.heard(2, others[1], isAlike)
      assert.strictEqual(node.endedEven, isEven)
      // And the same where another node gathers it.
      const far = make(1, 3, [...others[0]], 1)
      far.heard(2, others[1], isAlike)
      const last = make(0, 3, [4, 7], 1)
      last.receive(far.claim)
      assert.strictEqual(last.endedEven, isEven)
    })
  }

  it("is not even for a node that takes over a round which was not", () => {
    const node = make(0, 3, [4], 1)
    node.receive([5, [1, 2], [4], [0], false])
    assert.isFalse(node.endedEven)
    assert.deepStrictEqual(node.stable, [4])
  })

  it.effect.prop(
    "is never more than what every node knows, whatever claims are lost, repeated or old",
    [Schema.Array(Step)],
    ([steps]) =>
      Effect.sync(() => {
        const versions = Array.from({ length: size }, () => Array.from({ length: size }, () => 0))
        const nodes = cluster(versions)
        const claims: Array<Stability.Claim> = nodes.map(({ claim }) => claim)
        for (const { from, learn, old, say, to } of steps) {
          if (learn) {
            versions[from]![from]! += 1
            versions[to]![from] = versions[from]![from]!
          }
          claims.push(nodes[from]!.claim)
          if (from === to) {
            continue
          }
          nodes[to]!.receive(claims.at(-1 - old)!)
          if (say) {
            nodes[to]!.heard(from, [...versions[from]!])
          }
        }
        for (const { stable } of nodes) {
          for (const version of versions) {
            for (const [origin, count] of stable.entries()) {
              assert.isAtMost(count, version[origin]!)
            }
          }
        }
      })
  )
})
