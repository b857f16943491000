/**
 * Mixes the bits of a number so that each depends on all: the last step of MurmurHash3, for 32 bits.
 */
export const murmurMix = (bits: number): number => {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
