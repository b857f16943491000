/**
 * Published results: what authors of other solutions say that theirs reach, under real Maelstrom.
 */

/** Server messages per operation, and stable latency in milliseconds. */
export interface PublishedResult {
  readonly design: string
  readonly author?: string
  readonly messagesPerOperation: number
  readonly medianMillis: number
  readonly maximumMillis: number
}

const efficientBroadcast: ReadonlyArray<PublishedResult> = [
  result("tree4, acknowledged", "emilioziniades", 23.72, 377, 522),
  result("tree4, batches of 1 s", "emilioziniades", 12.77, 853, 1411),
  result("two-level tree", "teivah", 23.38, 181, 207),
  result("two-level tree, batches of 500 ms", "teivah", 1.92, 764, 1087),
  result("all to all every 500 ms", "Madhav Shekhar", 23, 300, 500),
  result("primary and random backup", undefined, 14.73, 78, 102),
  result("vector clocks", undefined, 18.53, 608, 1644),
  result("hub with heartbeats", undefined, 1.99, 339, 678)
]

/** By the id of the challenge whose official setting they were measured at. */
export const publishedResults: { readonly [challenge: string]: ReadonlyArray<PublishedResult> } = {
  "3d": efficientBroadcast,
  "3e": efficientBroadcast
}

function result(
  design: string,
  author: string | undefined,
  messagesPerOperation: number,
  medianMillis: number,
  maximumMillis: number
): PublishedResult {
  return { design, ...(author && { author }), messagesPerOperation, medianMillis, maximumMillis }
}
