/**
 * CRC-32, the checksum of gzip and PNG, which finds every burst of damage of up to 32 bits.
 *
 * `node:zlib` has one from Node 20.15 on; a node starts on 20.0.
 */

/** The checksum of some bytes, from 0 to 2^32 - 1. */
export const crc32 = (bytes: Uint8Array): number => {
  let crc = 0xffffffff
  for (let at = 0; at < bytes.length; at++) {
    crc = (crc >>> 8) ^ table[(crc ^ bytes[at]!) & 0xff]!
  }
  return ~crc >>> 0
}

/** The remainders of all bytes by the reflected polynomial of IEEE 802.3. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
  }
  return remainder
})
