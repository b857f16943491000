/**
 * The services that Maelstrom offers to nodes, each as a state machine with a consistency model: a promise about which
 * of its states a client gets to see.
 *
 * After the two protocols of `maelstrom.service`.
 */
import type { Body } from "../../protocol/Message.ts"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { AnyRpc, Request } from "../../protocol/Rpc.ts"

/** A request for any of several RPCs: its decoded payload, told from others by its type. */
export type ServiceRequest<R extends AnyRpc> = R extends AnyRpc ? Request<R> & { readonly type: R["type"] } : never

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
