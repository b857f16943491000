import * as Broadcast from "../../src/protocol/Broadcast.ts"
import * as Counter from "../../src/protocol/Counter.ts"
import * as Echo from "../../src/protocol/Echo.ts"
import { Init } from "../../src/protocol/Init.ts"
import * as Kafka from "../../src/protocol/Kafka.ts"
import * as KeyValue from "../../src/protocol/KeyValue.ts"
import type { AnyRpc } from "../../src/protocol/Rpc.ts"
import * as TimestampOracle from "../../src/protocol/TimestampOracle.ts"
import * as Txn from "../../src/protocol/Txn.ts"
import * as UniqueIds from "../../src/protocol/UniqueIds.ts"

/** Every RPC of the protocol, by the name of its file and its own. */
export const allRpcs: Readonly<Record<string, AnyRpc>> = {
  "Broadcast.Topology": Broadcast.Topology,
  "Broadcast.Broadcast": Broadcast.Broadcast.broadcast,
  "Broadcast.Read": Broadcast.Read,
  "Counter.Add": Counter.Add,
  "Counter.Read": Counter.Read,
  "Echo.Echo": Echo.Echo.echo,
  "Init.Init": Init,
  "Kafka.Send": Kafka.Send,
  "Kafka.Poll": Kafka.Poll,
  "Kafka.CommitOffsets": Kafka.CommitOffsets,
  "Kafka.ListCommittedOffsets": Kafka.ListCommittedOffsets,
  "KeyValue.Read": KeyValue.Read,
  "KeyValue.Write": KeyValue.Write,
  "KeyValue.Cas": KeyValue.Cas,
  "TimestampOracle.Timestamp": TimestampOracle.Timestamp,
  "Txn.Txn": Txn.Txn.txn,
  "UniqueIds.Generate": UniqueIds.Generate
}
