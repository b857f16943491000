/**
 * Polls fast while there is news, and backs off exponentially while there is none.
 */
import { Duration, Effect, Schedule } from "effect"

/**
 * A schedule for work that says whether it found anything new: `fastest` after it did, and twice as long each time
 * after it did not, up to `slowest`. Work that failed, and so says nothing, found nothing.
 */
export const whileUnchanged = (
  fastest: Duration.Input,
  slowest: Duration.Input
): Schedule.Schedule<Duration.Duration, boolean | void> =>
  Schedule.fromStep(
    Effect.sync(() => {
      const shortest = Duration.fromInputUnsafe(fastest)
      const longest = Duration.fromInputUnsafe(slowest)
      let delay = shortest
      return (_now: number, isNew: boolean | void) => {
        const current = delay
        delay = isNew === true ? shortest : Duration.min(Duration.times(delay, 2), longest)
        const next = isNew === true ? shortest : current
        return Effect.succeed([next, next] as [Duration.Duration, Duration.Duration])
      }
    })
  )
