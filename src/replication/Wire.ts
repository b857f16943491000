/**
 * Carries the messages of a replicated log over its node's transport.
 */
import { Effect } from "effect"
import type { Node } from "../services/Node.ts"
import type { Action } from "./Action.ts"
import type { Written } from "./Application.ts"
import * as Gossip from "./Gossip.ts"
import type { Event } from "./Step.ts"

type Sending = Extract<Action, { readonly _tag: "Send" | "SendPart" | "SendWant" }>

export interface Wire {
  send(action: Sending): Effect.Effect<void>
  /** Makes what comes in events, from now on. Parts of a snapshot that is none of this log's state are dropped. */
  receive(dispatch: (event: Event) => Effect.Effect<void>): Effect.Effect<unknown>
}

/** The messages of the log called `name`. */
export const make = (node: Node["Service"], name: string, written: Written<never>): Wire => {
  const messages = { gossip: Gossip.gossip(name), part: Gossip.part(name), want: Gossip.want(name) }
  return {
    send: (action) => {
      switch (action._tag) {
        case "Send":
          return node.send(messages.gossip, action.to, action.message)
        case "SendPart":
          return node.send(messages.part, action.to, action.message)
        case "SendWant":
          return node.send(messages.want, action.to, action.message)
      }
    },

    receive: (dispatch) =>
      Effect.all([
        node.receive(messages.gossip, (message, { src }) => dispatch({ _tag: "Received", from: src, message })),
        node.receive(messages.part, (message, { src }) => {
          const reason = written.explain(message.elements)
          return reason === undefined
            ? dispatch({ _tag: "ReceivedPart", from: src, message })
            : Effect.logWarning(`Dropped a part of a snapshot from ${src}`, reason)
        }),
        node.receive(messages.want, (message, { src }) => dispatch({ _tag: "ReceivedWant", from: src, message }))
      ])
  }
}
