/**
 * Opens spans where there is a tracer, and costs next to nothing where there is none.
 *
 * Effect's own `withSpan` makes a span of its built-in tracer where none is given, which nobody ever sees: on the path
 * of every message that would be a good part of a node's time. A tracer is a service, such as that of
 * `effect/observability`'s `Otlp`; a node that is provided with one reports every request that it handles (`handle
 * read`), every call that it makes (`call read`), and every operation on a key-value service (`lin-kv read`), each
 * inside the one that it serves. What passes between nodes carries no span: a request begins a trace of its own.
 */
import { Effect, type Fiber, type Tracer } from "effect"

/** Opens a span around an effect if there is a tracer. The options are made only then. */
export const withSpan =
  (name: string, options: () => Tracer.SpanOptions) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.withFiber((fiber) =>
      hasTracer(fiber) ? (Effect.withSpan(effect, name, options()) as Effect.Effect<A, E, R>) : effect
    )

/** Whether there is a tracer. */
export const isOn: Effect.Effect<boolean> = Effect.withFiber((fiber) => Effect.succeed(hasTracer(fiber)))

const hasTracer = ({ cache: { tracer, tracerEnabled } }: Fiber.Fiber<unknown, unknown>) =>
  tracer !== undefined && tracerEnabled
