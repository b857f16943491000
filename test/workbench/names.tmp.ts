import { Effect } from "effect"
import * as InProcessTest from "../../src/workbench/InProcessTest.ts"
import { defaults } from "../../src/workbench/TestOptions.ts"
import { judge } from "../../src/workbench/TestResult.ts"
import { workloads } from "../../src/workbench/workloads/Workloads.ts"
import { scenarios } from "./nodes/broken/scenarios.ts"
const only = process.argv[2] ?? ""
for (const s of scenarios)
  for (const n of [{ bug: "CONTROL", layer: s.control, finds: "-" }, ...s.broken]) {
    if (!new RegExp(only).test(s.name + n.bug)) continue
    const counts: any = {}
    let first = -1,
      t = performance.now()
    for (let seed = 0; seed < 20; seed++) {
      const options = { ...defaults, ...s.options, seed: String(seed) } as any
      const record = await Effect.runPromise(InProcessTest.run(n.layer, workloads[s.workload], options))
      const r = judge(s.workload, options, record)
      const names = new Set([...r.evidence.map((x) => x.name), ...r.findings.map((x) => "strict:" + x.name)])
      for (const x of names) counts[x] = (counts[x] ?? 0) + 1
      if (r.valid) counts.valid = (counts.valid ?? 0) + 1
      if (first < 0 && names.has(n.strict ? "strict:" + n.finds : n.finds)) first = seed
    }
    console.log(
      s.name,
      "|",
      n.bug,
      "|",
      n.finds,
      "first",
      first,
      JSON.stringify(counts),
      Math.round((performance.now() - t) / 20) + "ms"
    )
  }
