/**
 * What the documentation is made of, as far as it can be tested.
 */

/** A fenced block of code. */
export interface Block {
  readonly language: string
  readonly code: string
}

/** A line to type into a shell, with what its page says behind `#`. */
export interface Command {
  readonly line: string
  readonly comment: string
}

/** The fenced blocks of a page. */
const blocks = (page: string): ReadonlyArray<Block> =>
  Array.from(page.matchAll(/^```(\w*)\n(.*?)\n```$/gms), ([, language, code]) => ({
    language: language!,
    code: code!
  }))

/** The command lines of a page: those of its `sh` blocks, and the `npx glomers` in its prose that say what to run. */
export const commands = (page: string): ReadonlyArray<Command> => [
  ...blocks(page)
    .filter(({ language }) => language === "sh")
    .flatMap(({ code }) => code.split("\n"))
    .map((line) => {
      const [, command, comment = ""] = /^(.*?)(?:\s+# (.*))?$/.exec(line)!
      return { line: command!, comment }
    }),
  ...Array.from(prose(page).matchAll(/`(npx glomers (?:list|\w+ [^`]+))`/g), ([, line]) => ({
    // A span of code may go on in the next line.
    line: line!.replaceAll(/\s+/g, " "),
    comment: ""
  }))
]

/** The programs of a page by their names: blocks with `#!` in their first line and their name in the second. */
export const programs = (page: string): ReadonlyMap<string, string> =>
  new Map(
    blocks(page).flatMap(({ code }) => {
      const name = /^#!.*\n\/\/ (\S+)\n/.exec(code)?.[1]
      return name === undefined ? [] : [[name, `${code}\n`] as const]
    })
  )

/** The lines of output that a page shows. */
export const shown = (page: string): ReadonlyArray<string> =>
  blocks(page)
    .filter(({ language }) => language === "text")
    .flatMap(({ code }) => code.split("\n"))
    .filter((line) => line.trim() !== "")

/** The targets of links and images that are files of this repository, each with its anchor if it has one. */
export const links = (page: string): ReadonlyArray<{ readonly file: string; readonly anchor: string | undefined }> =>
  Array.from(prose(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g), ([, file, anchor]) => ({
    file: file!,
    anchor
  }))

/** The anchors of a page's headings. */
export const anchors = (page: string): ReadonlyArray<string> =>
  Array.from(prose(page).matchAll(/^#+ (.*)$/gm), ([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-")
  )

const prose = (page: string): string => page.replaceAll(/^```.*?^```$/gms, "")
