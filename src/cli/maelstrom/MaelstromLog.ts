/**
 * Follows what Maelstrom prints while it runs a test, line by line.
 */

/** How far Maelstrom has come. */
export interface MaelstromLog {
  readonly phase: string
  /** How many operations clients have begun. */
  readonly operations: number
  /** The last lines. */
  readonly tail: ReadonlyArray<string>
}

/** Nothing has been printed yet. */
export const empty: MaelstromLog = { phase: "starting", operations: 0, tail: [] }

/** The log with one more line. */
export const add = ({ operations, phase, tail }: MaelstromLog, line: string): MaelstromLog => ({
  phase: phases.find(({ begins }) => line.includes(begins))?.name ?? phase,
  operations: operations + (line.includes("\t:invoke\t") ? 1 : 0),
  tail: [...tail.slice(1 - tailLength), line]
})

/** What it said last; of an exception that ended it, what that says. */
export const lastWords = ({ tail }: MaelstromLog): ReadonlyArray<string> => {
  const lines = tail.filter((line) => line.trim() !== "" && !/^\s+at /.test(line))
  const exception = lines.findLastIndex((line) => line.includes(exceptionFollows))
  return exception === -1 ? lines.slice(-shownLines) : lines.slice(exception + 1).slice(0, shownLines)
}

// The words are Jepsen's.
const phases = [
  { begins: "Setting up ", name: "setting up" },
  { begins: "Relative time begins now", name: "running" },
  { begins: "Waiting for recovery", name: "waiting for recovery" },
  { begins: "Run complete, writing", name: "writing" },
  { begins: "Analyzing...", name: "analyzing" }
]

const exceptionFollows = "Jepsen broke. Here's why:"

/** An exception's stack trace is to fit in. */
const tailLength = 300

const shownLines = 12
