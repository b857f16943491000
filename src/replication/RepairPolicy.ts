/**
 * When a replica repairs what was lost: the timeouts and schedules of anti-entropy, and the size of its messages.
 */
import { Duration, Schedule } from "effect"

/** How soon losses are found and made up for, against how many messages that costs. */
export interface RepairPolicy {
  /**
   * When a node that has learned nothing new compares version vectors with a random other node; begins anew whenever it
   * learns something. Jittered.
   */
  readonly quiet: Schedule.Schedule<unknown>

  /**
   * How often a node compares that has just made up for a loss, for the next few times. Jittered.
   */
  readonly unrest: Duration.Duration

  /**
   * How long a node that knows of an item which it lacks waits for it before it asks. Longer than a message takes, or
   * nodes ask for what is on its way to them.
   */
  readonly gapAfter: Duration.Duration

  /**
   * How long a node waits for a sign that somebody has what it sent, before it asks for one, and then until it suspects
   * a node that everything depends on. Longer than a message takes there and back, or live nodes are suspected. Where
   * nobody gives a sign it doubles each time, up to `confirmAtMost`.
   */
  readonly confirmAfter: Duration.Duration

  /** How long a node waits at most before it asks for a sign once more. */
  readonly confirmAtMost: Duration.Duration

  /**
   * The most items in one message, and the most elements in one part of a snapshot. A node that lacks more gets the
   * rest in further messages.
   */
  readonly maxItems: number
}

/**
 * Fits the networks of the challenges, where a message takes 100 ms at most. In a quiet cluster, each node sends a
 * message after 2 s, and then every 4 s.
 *
 * Elsewhere, with a one-way latency of d (its high percentiles, not its mean):
 *
 * - `gapAfter`: 3 d. A node often hears of an item by a third before the item has come, and that needs no asking.
 * - `confirmAfter`: 10 d, a round trip several times over. Shorter, and a hub that is only slow is suspected, so that
 *   all that it has not confirmed is sent again to another; longer, and it takes its leaves longer to leave a dead hub:
 *   twice this time.
 * - `quiet`: bounds how long a node can lack what it does not know of, such as the last item before a silence. The last
 *   delay is what an idle cluster costs: one message per node and 4 s, two where the versions differ.
 * - `unrest`: 10 d. It costs nothing where nothing gets lost. A node that has just started waits as long for somebody
 *   who knows what it may have missed, before it asks somebody else.
 * - `maxItems`: times the size of an item, what a message may hold without keeping others waiting on the same link.
 */
export const standard: RepairPolicy = {
  quiet: Schedule.min([Schedule.exponential("2 seconds"), Schedule.spaced("4 seconds")]),
  unrest: Duration.seconds(1),
  gapAfter: Duration.millis(300),
  confirmAfter: Duration.seconds(1),
  confirmAtMost: Duration.seconds(2),
  maxItems: 1_000
}

/**
 * For a node whose requests wait until a second node has what they wrote (`Durability` `replicated`), though not for
 * ever: it asks for missing signs at an even pace.
 */
export const promptly = (repair: RepairPolicy): RepairPolicy => ({ ...repair, confirmAtMost: repair.confirmAfter })
