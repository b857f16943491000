/**
 * Parses `--concurrency`, the number of clients, as Maelstrom writes it: `4`, or `2n` for two a node.
 */

/** Whether a text is a number of clients. */
export const isConcurrency = (text: string): boolean => /^[1-9]\d*n?$/.test(text)

/** The number of clients that such a text means where there are `nodeCount` nodes. */
export const clients = (text: string, nodeCount: number): number =>
  text.endsWith("n") ? Number(text.slice(0, -1)) * nodeCount : Number(text)
