/**
 * A node that is wrong on purpose, and how the workbench is to find it out.
 */
import { Effect, Random } from "effect"
import type { NodeLayer } from "../../../../src/services/NodeProgram.ts"
import type { Settings } from "../../../../src/workbench/run/TestOptions.ts"
import type { WorkloadName } from "../../../../src/workbench/workloads/Workloads.ts"

export interface BrokenNode {
  /** What is wrong with it, as the end of a sentence that begins with "a node that". */
  readonly bug: string
  readonly layer: NodeLayer
  /** The name of the anomaly or anomaly that this bug is known by. */
  readonly finds: string
  /** What else may come of the same bug. Anything beyond this would be found for the wrong reason. */
  readonly besides?: ReadonlyArray<string>
  /** Maelstrom lets it through: it is found by a strict judge alone. */
  readonly strict?: true
}

/** A test, a node that passes it, and nodes that do not. */
export interface Scenario {
  readonly name: string
  readonly workload: WorkloadName
  readonly options: Settings
  readonly control: NodeLayer
  /** Further nodes that pass it, by what they do. */
  readonly controls?: { readonly [does: string]: NodeLayer }
  readonly broken: ReadonlyArray<BrokenNode>
}

/** Does something else now and then: in a share of all cases, drawn from the node's own random source. */
export const sometimes = <A, E, R, B, F, S>(
  share: number,
  otherwise: Effect.Effect<A, E, R>,
  usually: Effect.Effect<B, F, S>
): Effect.Effect<A | B, E | F, R | S> =>
  Effect.flatMap(Random.next, (draw): Effect.Effect<A | B, E | F, R | S> => (draw < share ? otherwise : usually))
