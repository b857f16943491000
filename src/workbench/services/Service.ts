/**
 * The services that Maelstrom offers to nodes, each as a state machine with a consistency model: a promise about which
 * of its states a client gets to see.
 *
 * After the two protocols of `maelstrom.service`.
 */
import type { Body } from "../../protocol/Message.ts"
import type { NodeId } from "../../protocol/NodeId.ts"

/** A request of a type that a service knows. */
export interface AnyRequest {
  readonly type: string
}

/** Reads the body of a request, for each type that a service knows. Whatever else is in it, there is a request. */
export type Readers<Request extends AnyRequest> = {
  readonly [Type in Request["type"]]: (body: Body) => Extract<Request, { readonly type: Type }>
}

/**
 * What a request is answered: a reply's body without its `in_reply_to`. Errors are bodies too, and not what they stand
 * for, since a failed cas is an everyday answer, and an error with a stack takes longer to make than all the rest.
 */
export type Answer = Body

/**
 * A service without any promise: what a request does to a state, and what it is answered. A request that changes
 * nothing gives back the very same state, which is how the services know that it did not.
 */
export interface StateMachine<State, Request> {
  readonly initial: State
  step(state: State, request: Request): readonly [state: State, answer: Answer]
}

/** A service in operation. */
export interface Service<Request> {
  /** Carries out a request of `client`. */
  handle(client: NodeId, request: Request): Answer
}
