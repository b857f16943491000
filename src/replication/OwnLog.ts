/**
 * The log of this node: what it has appended since it started, and how much of that another node is known to have.
 *
 * An incarnation is named after the time of its start, so that a node whose clock stepped back while it was down learns
 * from others that it had a greater one. It then opens another log, under a number that is greater still, and goes on
 * there; what it has appended so far stays where it is, as a closed log like any other.
 */
import * as Incarnation from "../services/Incarnation.ts"
import { emit, log, ownPositions, type Replica } from "./Replica.ts"
import * as View from "./View.ts"

/**
 * Takes an item. Until it is published nobody else hears of it, so that none takes what only waits for the next flush
 * for something that it missed.
 */
export const append = (replica: Replica, item: Replica["waiting"][number]): void => {
  replica.waiting.push(item)
  replica.appended += 1
}

/** How many items the log has, with those that are yet to be published. */
export const length = ({ log, own, self, view, waiting }: Replica): number => {
  const position = View.positionOf(view, [self, own.at(-1)!.incarnation])
  return (log.version[position] ?? 0) + waiting.length
}

/** Adds to the log what has been taken. */
export const publish = (replica: Replica): void => {
  const { own, self, view, waiting } = replica
  const position = View.positionOf(view, [self, own.at(-1)!.incarnation])
  for (const item of position < 0 ? [] : waiting.splice(0)) {
    replica.log.append(position, item)
  }
}

/** Opens another log, since the present one is not the newest of this node. */
export const reopen = (replica: Replica): void => {
  const { appended, own, self, view, waiting } = replica
  const { first, incarnation } = own.at(-1)!
  publish(replica)
  const lost = appended - waiting.length - first
  if (lost > 0 && View.isRetired(view, [self, incarnation])) {
    log(replica, "Warn", `${lost} items were appended by a clock that was too far back for others to take them`)
  }
  const [, newest] = view.logs[View.newestOf(view, self)]!
  // Nobody has heard of the new log yet.
  replica.heardFrom.clear()
  own.push({ incarnation: Incarnation.above(incarnation, newest), first: appended - waiting.length })
}

/** Another node has these counts: how many of this node's items that are, in the order in which it appended them. */
const countIn = ({ appended, own, self, view }: Replica, have: ReadonlyArray<number>): number => {
  for (const [index, { first, incarnation }] of own.entries()) {
    const log = [self, incarnation] as const
    const position = View.positionOf(view, log)
    const end = own[index + 1]?.first ?? appended
    const count = first + (position < 0 ? (View.finalOf(view, log) ?? 0) : have[position]!)
    if (count < end || index === own.length - 1) {
      return count
    }
  }
  return 0
}

/** Another node has these counts: any of its messages acknowledges that many. */
export const acknowledge = (replica: Replica, have: ReadonlyArray<number>): void => {
  const count = countIn(replica, have)
  if (count > replica.confirmed) {
    replica.confirmed = count
    emit(replica, { _tag: "Confirm", count })
  }
}

/** Of which log somebody claims to have more than this node has appended, which cannot be true; −1 if of none. */
export const forgedPosition = (replica: Replica, have: ReadonlyArray<number>): number =>
  ownPositions(replica).find(
    (position) => have[position]! > replica.log.version[position]! && Number.isFinite(have[position])
  ) ?? -1
