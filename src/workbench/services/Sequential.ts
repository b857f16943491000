/**
 * A sequentially consistent service (`seq-kv`): it remembers its last states, of which a request that changes nothing
 * may see any that is not older than what its client last saw. Requests that change the state take place on the newest.
 *
 * So all requests have one order in which each client's own are as it sent them, but nothing except a change of its own
 * makes sure that a client sees what others have done, however long ago. A request may even change the newest state and
 * yet take place in the past: writing a value that the key had *then* changes nothing, and the client is told so.
 *
 * After `maelstrom.service/Sequential`, save one thing: for a client that is further behind than there are states, that
 * one remembers a state older than the one it showed, so that the client may go back in time afterwards.
 *
 * {@link stalest} makes the same promise and keeps no more than it must: a client sees nothing of what others did until
 * it changes the state itself.
 */
import type { Random } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { Service, StateMachine } from "./Service.ts"

/** How many states are remembered, as in Maelstrom. */
const rememberedStates = 32

/** Starts in the machine's initial state. `random` chooses the state that a request sees. */
export const make = <State, Request>(
  machine: StateMachine<State, Request>,
  random: Random.Random
): Service<Request> => {
  // State number `i` is at `i` modulo the length.
  const states: Array<State> = [machine.initial]
  const lastSeen = new Map<NodeId, number>()
  let newest = 0
  const state = (number: number) => states[number % rememberedStates]!

  return {
    handle: (client, request) => {
      const oldest = Math.max(lastSeen.get(client) ?? 0, newest - rememberedStates + 1)
      const seen = oldest + Math.floor(random.nextDoubleUnsafe() * (newest - oldest + 1))
      const [after, answer] = machine.step(state(seen), request)
      if (after === state(seen)) {
        lastSeen.set(client, seen)
        return answer
      }
      const [next, answerOfNewest] = machine.step(state(newest), request)
      newest += 1
      states[newest % rememberedStates] = next
      lastSeen.set(client, newest)
      return answerOfNewest
    }
  }
}

/**
 * Starts in the machine's initial state, and shows each client the oldest state that sequential consistency allows: the
 * one that its own last change led to. To find what relies on `seq-kv` being fresher than it promises.
 */
export const stalest = <State, Request>(machine: StateMachine<State, Request>): Service<Request> => {
  const seen = new Map<NodeId, State>()
  let newest = machine.initial
  return {
    handle: (client, request) => {
      const state = seen.get(client) ?? machine.initial
      const [after, answer] = machine.step(state, request)
      if (after === state) {
        return answer
      }
      const [next, answerOfNewest] = machine.step(newest, request)
      newest = next
      seen.set(client, next)
      return answerOfNewest
    }
  }
}
