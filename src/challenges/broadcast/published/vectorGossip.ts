/**
 * Vector-clock gossip: every 400 ms a node sends its vector clock to half of the others, drawn at random, as a
 * heartbeat. Whoever knows more answers with what it lacks.
 *
 * After a published solution of 3e that is known to us by its description and its figures; it is anti-entropy and
 * nothing else. Heartbeats cost n(n − 1)/2 messages per tick, load or not, answers up to as many again. The values of a
 * node travel in its order, each to each node once or a few times; nothing tells a node when it may forget one.
 */
import { Effect, Random, Schedule, Schema } from "effect"
import * as OneWay from "../../../protocol/OneWay.ts"
import { Node } from "../../../services/Node.ts"
import * as ReplicatedLog from "../../../replication/ReplicatedLog.ts"
import { VersionVector } from "../../../replication/VersionVector.ts"
import { Timers } from "../../../services/Timers.ts"
import * as Dissemination from "./Dissemination.ts"

/** The node: heartbeats with version vectors, answered with what is missing. */
export const layer = Dissemination.layer(
  Effect.fnUntraced(function* ({ learn }) {
    const node = yield* Node
    const timers = yield* Timers
    const size = node.nodeIds.length
    const self = node.nodeIds.indexOf(node.id)
    const log = ReplicatedLog.make<Schema.Json>(size)

    yield* node.receive(Heartbeat, ({ have }, { src }) =>
      Effect.gen(function* () {
        const peer = node.peers.find((id) => id === src)
        const runs = peer === undefined || have.length !== size ? [] : log.since(have, mostItems)
        if (peer !== undefined && runs.length > 0) {
          yield* node.send(Delta, peer, { runs })
        }
      })
    )
    yield* node.receive(Delta, ({ runs }) =>
      Effect.sync(() => {
        for (const run of runs) {
          const [origin] = run
          if (origin < size && origin !== self) {
            learn(log.receive(run))
          }
        }
      })
    )
    yield* timers.recur(
      "broadcast: heartbeat",
      Schedule.jittered(Schedule.spaced("400 millis")),
      Effect.gen(function* () {
        const drawn = (yield* Random.shuffle(node.peers)).slice(0, Math.ceil(node.peers.length / 2))
        for (const id of drawn) {
          yield* node.send(Heartbeat, id, { have: [...log.version] })
        }
      })
    )
    return (value) => Effect.sync(() => log.append(self, value))
  })
)

const mostItems = 1_000

const Heartbeat = OneWay.make("heartbeat", { have: VersionVector })

const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/** Runs of values: whose, the sequence number of the first, and the values. */
const Delta = OneWay.make("delta", {
  runs: Schema.Array(Schema.Tuple([Count, Count, Schema.Array(Schema.Json)]))
})
