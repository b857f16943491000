/**
 * Ids in order of time that need no memory but the clock: 63 bits of which 41 count milliseconds, 10 name the node and
 * 12 number the ids of one millisecond. Written as a decimal string, since JSON's numbers end at 53 bits.
 *
 * When the clock steps back, or more than 4,096 ids are asked for in one millisecond, ids go on from the newest
 * millisecond that was used, so that they are unique and increasing on each node whatever its clock does. After a
 * restart with empty memory that holds only where the clock shows a later time than the last id: ids come twice if it
 * stepped back while the node was down, or before and ids still went on ahead of it. `counter` has no such limit.
 *
 * From Twitter's Snowflake (2010).
 */
import { Clock, Effect } from "effect"
import { Abort } from "../../protocol/RpcError.ts"
import { UniqueIds } from "../../protocol/UniqueIds.ts"
import { Node } from "../../services/Node.ts"

/** The instant from which milliseconds are counted: 2020-01-01T00:00:00Z. 41 bits last until 2089. */
export const epochMillis = 1_577_836_800_000

const nodeBits = 10n
const sequenceBits = 12n
const sequenceLimit = 1 << Number(sequenceBits)

/** The node. Ids are unique, over a restart as long as its clock is past its last id by then. */
export const layer = UniqueIds.toLayer(
  Effect.gen(function* () {
    const node = yield* Node
    const index = node.nodeIds.indexOf(node.id)
    if (index >= 1 << Number(nodeBits)) {
      return yield* new Abort({ text: `snowflake has room for ${1 << Number(nodeBits)} nodes, this is node ${index}` })
    }

    let millis = 0
    let sequence = 0
    const next = Effect.map(Clock.currentTimeMillis, (now) => {
      const elapsed = Math.max(0, Math.trunc(now) - epochMillis)
      if (elapsed > millis) {
        millis = elapsed
        sequence = 0
      } else if (++sequence === sequenceLimit) {
        millis += 1
        sequence = 0
      }
      return compose(millis, index, sequence)
    })
    return { generate: () => Effect.map(next, (id) => ({ id: id.toString() })) }
  })
)

const compose = (millis: number, node: number, sequence: number): bigint =>
  (BigInt(millis) << (nodeBits + sequenceBits)) | (BigInt(node) << sequenceBits) | BigInt(sequence)
