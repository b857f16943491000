import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as View from "../../src/replication/View.ts"

const view = (logs: View.Written["logs"], more: Partial<View.Written> = {}) => View.make({ logs, ...more })

const distinct = (logs: ReadonlyArray<readonly [number, number]>) => [
  ...new Map(logs.map((log) => [log.join(), log])).values()
]

/** Counts nothing of any log. */
const none = ({ logs }: View.View) => logs.map(() => 0)

describe("View", () => {
  it("is the same for the same logs, in whatever order they are named, and has another id otherwise", () => {
    const one = view([
      [1, 5],
      [0, 7]
    ])
    const same = view([
      [0, 7],
      [1, 5]
    ])
    const other = view([
      [0, 8],
      [1, 5]
    ])
    assert.deepStrictEqual(one, same)
    assert.notStrictEqual(one.id, other.id)
    assert.deepStrictEqual(View.make(View.write(one)), one)
  })

  it("has a log closed once there is a later one of its node, and only then", () => {
    const { isClosed, newestOf } = View
    const some = view([
      [0, 1],
      [0, 2],
      [1, 1]
    ])
    assert.deepStrictEqual(
      [0, 1, 2].map((position) => isClosed(some, position)),
      [true, false, false]
    )
    assert.deepStrictEqual([newestOf(some, 0), newestOf(some, 1), newestOf(some, 2)], [1, 2, -1])
  })

  it("orders counts as another view has them: all of what is retired, none of what is not known", () => {
    const from = view([[0, 2]], { retired: [[0, 1, 9]], before: [[1, 3]] })
    const to = view([
      [0, 1],
      [0, 2],
      [1, 2],
      [1, 4],
      [2, 1]
    ])
    assert.deepStrictEqual(View.align([5], from, to), [9, 5, Number.POSITIVE_INFINITY, 0, 0])
    assert.deepStrictEqual(View.align([5], from, to, 0), [9, 5, 0, 0, 0])
    assert.deepStrictEqual(View.align([1, 2, 3, 4, 5], to, from), [2])
  })

  describe("when another is heard of", () => {
    const mine = view([
      [0, 1],
      [0, 2]
    ])
    const theirs = view([[0, 2]], { retired: [[0, 1, 4]] })

    it("counts all logs that either counts", () => {
      const other = view([[1, 1]])
      assert.deepStrictEqual(
        View.union(mine, [0, 0], other, [3]).logs.map(([node]) => node),
        [0, 0, 1]
      )
    })

    it("retires what is retired there, if all of it is here", () => {
      assert.deepStrictEqual(View.union(mine, [4, 0], theirs, [0]), theirs)
      assert.deepStrictEqual(View.union(mine, [3, 0], theirs, [0]), mine)
      // Also what was empty and is heard of now.
      const empty = view([[0, 2]], { retired: [[0, 1, 0]] })
      assert.deepStrictEqual(View.union(view([[0, 2]]), [0], empty, [0]), empty)
    })

    it("counts what is retired there and not known here, so that it is missed", () => {
      const union = View.union(view([[0, 2]]), [0], theirs, [0])
      assert.deepStrictEqual(union, mine)
      assert.deepStrictEqual(View.align([0], theirs, union), [4, 0])
      assert.isTrue(View.hasMoreRetired(theirs, union, [0, 0]))
      assert.isFalse(View.hasMoreRetired(theirs, union, [4, 0]))
      assert.isFalse(View.hasMoreRetired(theirs, theirs, [0]))
    })

    it("leaves retired what is only counted there, unless there is more of it than all had", () => {
      assert.deepStrictEqual(View.union(theirs, [0], mine, [4, 0]), theirs)
      assert.deepStrictEqual(View.union(theirs, [0], mine, [5, 0]), mine)
    })

    it("has all that is retired in a snapshot that it has merged, but what there is more of here", () => {
      assert.deepStrictEqual(View.absorb(mine, [0, 0], theirs), theirs)
      assert.deepStrictEqual(View.absorb(mine, [5, 0], theirs), mine)
    })
  })

  it("names the last retired logs of a node, and forgets the names of those before them", () => {
    let some = view([[0, 1]])
    const total = View.keptRetired + 5
    for (let incarnation = 2; incarnation <= total; incarnation++) {
      some = View.retireClosed(View.open(some, 0, incarnation), [incarnation, 0])
    }
    assert.deepStrictEqual(some.logs, [[0, total]])
    assert.lengthOf(some.retired, View.keptRetired)
    assert.deepStrictEqual(some.before, [[0, 4]])
    assert.isTrue([1, 4, 5, total - 1].every((incarnation) => View.isRetired(some, [0, incarnation])))
    assert.isFalse(View.isRetired(some, [0, total]))
    // Who does not know what was forgotten cannot tell what it lacks of it, and misses something.
    const union = View.union(view([[0, 1]]), [7], some, [0])
    assert.deepStrictEqual(View.align([0], some, union)[0], Number.POSITIVE_INFINITY)
    assert.isTrue(View.hasMoreRetired(some, view([[0, 1]]), [7]))
    // Who has retired the last of it goes along.
    const behind = view([[0, total]], { retired: some.before.map(([node, incarnation]) => [node, incarnation, 1]) })
    assert.deepStrictEqual(View.union(behind, [0], some, [0]).before, some.before)
  })

  const Log = Schema.Tuple([Schema.Literals([0, 1]), Schema.Literals([1, 2, 3, 4])])

  it.effect.prop(
    "grows to the same, whoever of two hears of the other first",
    [Schema.Array(Log), Schema.Array(Log)],
    ([a, b]) =>
      Effect.sync(() => {
        const [one, other] = [view(distinct(a)), view(distinct(b))]
        const union = View.union(one, none(one), other, none(other))
        assert.deepStrictEqual(View.union(other, none(other), one, none(one)), union)
        assert.deepStrictEqual(union, view(distinct([...a, ...b])))
        assert.isTrue(View.fits(View.write(union), 2))
      })
  )

  it("counts a retired log again of which there is more, from where all had it", () => {
    const view = View.make({ logs: [[0, 5]], retired: [[0, 3, 7]] })
    const again = View.recount(view, [
      [0, 3],
      [1, 4]
    ])
    assert.deepStrictEqual(View.write(again), {
      logs: [
        [0, 3],
        [0, 5],
        [1, 4]
      ]
    })
    assert.deepStrictEqual(View.align([2], view, again, 0), [7, 2, 0])
  })
})
