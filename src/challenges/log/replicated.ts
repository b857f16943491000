/**
 * Challenge 5c: logs in memory, each in the charge of one node, with a copy at every node.
 *
 * The owner of a log gives its records their offsets, one after another, so that there are no gaps and no two records
 * with one offset. A send to another node is passed on to the owner, at most once. Records go to all other nodes in
 * batches, in order, so that every copy is a prefix of the owner's log and polls are answered from it at once, without
 * skipping anything. Committed offsets travel with the records and are merged by maximum: a node that has not heard of
 * a commit yet tells a lower offset, which is safe.
 *
 * A record is acknowledged when it is as safe as `Durability` says. With `memory`, when its owner has it: if the owner
 * is lost before its next batch, 50 ms later at most, acknowledged records are lost with it.
 *
 * A node that starts anew asks all others what they have, and takes no sends for its logs before it has got that. Then
 * it goes on far behind the last offset that anybody knows of, so that none is given twice which it may have given to a
 * record that it had told nobody: such a record is lost, and its offset stays empty. Consumers see a gap there, which
 * Kafka's rules allow.
 */
import { Effect, Schema } from "effect"
import { Kafka, Offset } from "../../protocol/Kafka.ts"
import { TemporarilyUnavailable } from "../../protocol/RpcError.ts"
import { Node } from "../../services/Node.ts"
import * as Flush from "../../replication/Flush.ts"
import * as Replication from "../../replication/Replication.ts"
import * as Topology from "../../replication/Topology.ts"
import type { NodeLayer } from "../../services/NodeProgram.ts"
import * as CommittedOffsets from "./CommittedOffsets.ts"
import * as Forwarding from "./Forwarding.ts"
import * as Logs from "./Logs.ts"
import * as Ownership from "./Ownership.ts"

/** The node, which owns some of the logs. */
export const layer: NodeLayer = Kafka.toLayer(
  Effect.gen(function* () {
    const node = yield* Node
    const logs = Logs.make()
    const committed = CommittedOffsets.make()

    const learn = (item: Item) => {
      if (isRecord(item)) {
        logs.put(...item)
      } else {
        committed.commit(item)
      }
    }

    const replication = yield* Replication.make({
      name: "log",
      item: Item,
      topology: Topology.direct,
      flush: Flush.after("50 millis"),
      deliver: learn,
      snapshots: {
        element: Item,
        take: () => [...logs.entries(), ...committed.entries()],
        merge: (items) => items.forEach(learn)
      }
    })
    yield* Effect.forkScoped(replication.caughtUp)
    /** The logs that this node has appended to since it started. */
    const continued = new Set<string>()

    const append = Effect.fnUntraced(function* (key: string, record: Schema.Json) {
      yield* Effect.timeoutOrElse(replication.caughtUp, {
        duration: catchUpWait,
        orElse: () => Effect.fail(new TemporarilyUnavailable({ text: "this node has just started" }))
      })
      let offset = 0
      yield* replication.appendWith(() => {
        offset = logs.append(key, record, continued.has(key) ? 0 : leftOut * replication.restarts)
        continued.add(key)
        return [key, offset, record]
      })
      yield* replication.durable
      return offset
    })

    return {
      send: yield* Forwarding.make(Ownership.rendezvous(node.nodeIds), append),
      poll: Logs.pollHandler(logs, replication.durable),
      ...CommittedOffsets.handlers(committed, replication)
    }
  })
)

/** How long a send waits for its owner to catch up. Less than who passed it on waits for the owner. */
const catchUpWait = "800 millis"

/**
 * How many offsets an owner leaves out for each of its restarts: more than the records of one log that it can have
 * acknowledged and told nobody, in a flush or while it was cut off. Those of an incarnation that told nothing at all
 * lie between those of the one before it and of the one after it.
 */
const leftOut = 10_000

/**
 * What nodes tell each other: a record with its key and offset, in the order of the owner's appends, or offsets that
 * were committed.
 */
const Item = Schema.Union([Schema.Tuple([Schema.String, Offset, Schema.Json]), Schema.Record(Schema.String, Offset)])
type Item = typeof Item.Type

const isRecord = (item: Item): item is readonly [string, number, Schema.Json] => Array.isArray(item)
