/**
 * Durability policy: when a node may acknowledge what it was asked to keep.
 */
import { Context, Schema } from "effect"

/**
 * - `memory`: as soon as the node has it. What only this node has is lost if it crashes.
 * - `synced`: once it is on the node's disk, see `Storage`. It is there again when the node has restarted.
 * - `replicated`: once a second node has it, so that it outlives the crash of either.
 */
export const levels = ["memory", "synced", "replicated"] as const

/** One of {@link levels}, as a schema for plans. */
export const Level = Schema.Literals(levels)
export type Level = typeof Level.Type

/**
 * The level that this node's strategy is to keep to; `memory` unless a Layer says otherwise.
 *
 * ```ts
 * Layer.succeed(Durability, "synced")
 * ```
 */
export const Durability = Context.Reference<Level>("glomers/services/Durability", {
  defaultValue: () => "memory"
})
