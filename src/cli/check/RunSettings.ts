/**
 * How a stored run was made, as far as it is known: what its checkers depend on.
 */
import { Option } from "effect"
import type { NodeId } from "../../protocol/NodeId.ts"
import type { CheckFlags } from "../flags/TestFlags.ts"
import { checkOptions } from "../flags/OptionsOfFlags.ts"

export interface RunSettings {
  /** Maelstrom has workloads that there are not here. */
  readonly workload: Option.Option<string>
  readonly nodeNames: Option.Option<ReadonlyArray<NodeId>>
  readonly flags: Omit<CheckFlags, "strict"> & { readonly strict: Option.Option<boolean> }
}

/** Nothing is known. */
export const unknown: RunSettings = {
  workload: Option.none(),
  nodeNames: Option.none(),
  flags: {
    nodeCount: Option.none(),
    concurrency: Option.none(),
    availability: Option.none(),
    consistencyModels: Option.none(),
    strict: Option.none()
  }
}

/** What was given, and where that says nothing, what the run says. */
export const override = (given: RunSettings, run: RunSettings): RunSettings => {
  const [flags, stored] = [given.flags, run.flags]
  return {
    workload: or(given.workload, run.workload),
    nodeNames: Option.isSome(flags.nodeCount) ? given.nodeNames : or(given.nodeNames, run.nodeNames),
    flags: {
      nodeCount: or(flags.nodeCount, stored.nodeCount),
      concurrency: or(flags.concurrency, stored.concurrency),
      availability: or(flags.availability, stored.availability),
      consistencyModels: or(flags.consistencyModels, stored.consistencyModels),
      strict: or(flags.strict, stored.strict)
    }
  }
}

const or = <A>(first: Option.Option<A>, second: Option.Option<A>): Option.Option<A> =>
  Option.orElse(first, () => second)

/** The options of the checkers. */
export const options = ({ flags, nodeNames }: RunSettings) =>
  checkOptions({ ...flags, strict: isStrict(flags) }, {}, nodeNames)

/** Whether bugs that Maelstrom overlooks count. */
export const isStrict = ({ strict }: RunSettings["flags"]): boolean => Option.getOrElse(strict, () => false)
