/**
 * Truncates text that may be long: to the width of a line, or to what of somebody's input fits into an error or a log.
 */

/** A text in at most `width` characters, the last of which is an ellipsis where something is left out. */
export const truncate = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text

/** The first 200 characters of an input, and how many there are if that is not all. */
export const excerpt = (input: string): string =>
  input.length > excerptLength ? `${input.slice(0, excerptLength)}… (${input.length} characters)` : input

const excerptLength = 200
