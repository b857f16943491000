/**
 * A linearizable service (`lin-kv`, `lin-tso`): one state, which every request sees and changes in the instant in which
 * it arrives.
 *
 * After `maelstrom.service/Linearizable`.
 */
import type { Service, StateMachine } from "./Service.ts"

/** Starts in the machine's initial state. */
export const make = <State, Request>(machine: StateMachine<State, Request>): Service<Request> => {
  let state = machine.initial
  return {
    handle: (_client, request) => {
      const [next, answer] = machine.step(state, request)
      state = next
      return answer
    }
  }
}
