/**
 * The `kafka` workload: clients append to logs, and read them in the order of their offsets.
 *
 * After `maelstrom.workload.kafka`, which is `jepsen.tests.kafka` without transactions, with string keys, with
 * assignments rather than subscriptions, and with clients that crash.
 */
import { Duration } from "effect"
import { withErrors } from "../Completions.ts"
import * as FinalPolls from "./FinalPolls.ts"
import * as KafkaClient from "./KafkaClient.ts"
import * as KafkaGenerator from "./KafkaGenerator.ts"
import type { KafkaInvocation } from "./KafkaInvocation.ts"
import type { Workload } from "../Workload.ts"
import { Kafka } from "../../../protocol/Kafka.ts"
import { check, Results } from "./Checker.ts"

/** `send`, `poll`, `assign` and `crash`: see `kafka/KafkaInvocation.ts`. */
export const workload: Workload<KafkaInvocation, KafkaGenerator.KafkaGenerator, Results> = {
  name: "kafka",
  rpcs: Kafka,
  functions: ["send", "poll", "assign"],
  // A client that crashes; and requests for debug information, which Jepsen's histories have.
  neverSucceeds: ["crash", "debug-topic-partitions"],
  check,
  results: Results,

  generator: KafkaGenerator.make,

  finalGenerator: (options, main, random) => () => FinalPolls.make(main.knownOffsets, random, options.finalReads),

  // A node that has lost records would be polled for ever.
  finalTimeLimit: Duration.seconds(10),

  client: KafkaClient.make,

  onError: withErrors(new Set(["assign"]))
}
