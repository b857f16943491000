/**
 * `--workload` and `--strategy`: what is run, or judged.
 */
import { Flag } from "effect/cli"
import type { WorkloadName } from "../../workbench/workloads/Workloads.ts"
import { workloadNames } from "../../workbench/workloads/Workloads.ts"

/** `--workload`, or `-w` as for Maelstrom. */
export const workload = (description: string): Flag.Flag<WorkloadName> =>
  Flag.Literals("workload", workloadNames).pipe(Flag.withAlias("w"), Flag.withDescription(description))

/** `--strategy`, any text, since which strategies there are depends on the challenge. */
export const strategy = (description: string) =>
  Flag.String("strategy").pipe(
    Flag.withDescription(`${description}; \`glomers list\` shows the choices`),
    Flag.optional
  )
