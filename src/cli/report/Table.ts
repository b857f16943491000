/**
 * Formats a text table: aligned columns under a header.
 */

/** A header, a rule and rows, each column as wide as its widest cell. The last column is not padded. */
export const render = (header: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (row: ReadonlyArray<string>) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd()
  return [line(header), line(widths.map((width) => "─".repeat(width))), ...rows.map(line)].join("\n")
}
