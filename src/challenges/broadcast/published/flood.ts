/**
 * Flooding: whoever hears a value for the first time tells all its neighbours of Maelstrom's topology but the one that
 * it heard it from.
 *
 * What Maelstrom's own broadcast tutorial builds first, and most solutions of 3b after it. On a graph of E edges a
 * value costs 2E − n + 1 messages and takes as many hops as the graph is wide: 56 and 8 on the official grid of 25. A
 * message that is lost takes its value with it wherever there is no other way around.
 */
import { Effect, type Schema } from "effect"
import { Node } from "../../../services/Node.ts"
import * as Dissemination from "./Dissemination.ts"

/** The node: every new value goes on to all neighbours but its sender, once. */
export const layer = Dissemination.layer(
  Effect.fnUntraced(function* ({ learn, neighbours }) {
    const node = yield* Node
    const pass = Effect.fnUntraced(function* (values: ReadonlyArray<Schema.Json>, from?: string) {
      if (values.length === 0) {
        return
      }
      for (const id of yield* neighbours) {
        if (id !== from) {
          yield* node.send(Dissemination.Tell, id, { values })
        }
      }
    })
    yield* node.receive(Dissemination.Tell, ({ values }, { src }) => pass(learn(values), src))
    return (value) => pass([value])
  })
)
