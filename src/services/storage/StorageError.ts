/**
 * The error of a node's storage.
 */
import { type PlatformError, Schema } from "effect"
import { Crash } from "../../protocol/RpcError.ts"

/**
 * What is wrong with a node's disk, in one line: that it could not be read or written, that a log on it is damaged, or
 * that there is none. What was to be written may be there nevertheless, or yet come to be.
 */
export class StorageError extends Schema.TaggedError<StorageError>()("StorageError", { text: Schema.String }) {
  override readonly message = this.text

  /** Converts the error of a file system. */
  static readonly because = ({ message }: PlatformError.PlatformError): StorageError =>
    new StorageError({ text: `the disk failed: ${message.replaceAll("\n", " ")}` })

  /** The error that a client gets whose request could not be stored: an indefinite one. */
  static readonly toCrash = ({ text }: StorageError): Crash => new Crash({ text })
}
