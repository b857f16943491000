/**
 * The limits that a run is held to besides its verdict.
 */

/** What a run must stay below to pass. */
export interface Limits {
  /** Messages between servers for each operation of a client. */
  readonly serverMessagesPerOperation: number
  /** Milliseconds between the acknowledgement of a value and the moment from which every node shows it. */
  readonly stableLatencyMillis: { readonly median: number; readonly maximum: number }
}
