import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Stability from "../../src/replication/Stability.ts"

/** Nodes that know of their logs what `versions` says, which can be changed. */
const cluster = (versions: ReadonlyArray<Array<number>>) =>
  versions.map((version, self) => Stability.make(self, version))

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
    node!.receive([0, [0, 1], [2, 1], [0, 0]])
    node!.receive([0, [1], floor, [1, 2]])
    node!.receive([Number.MAX_SAFE_INTEGER, [1], floor, floor])
    assert.deepStrictEqual(node!.claim, [0, [0], [1, 1], [0, 0]])
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
