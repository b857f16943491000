import type { Answer } from "../../../src/workbench/services/Service.ts"

/** What a test says of an answer: a reply's payload, or an error's code and text. */
export const outcome = ({ code, text, type, ...payload }: Answer) => (type === "error" ? [code, text] : payload)
