/**
 * Hashes a text by FNV-1a, 32 bits: quick and short, for names and for spreading, not against anyone's will.
 */
export const fnv1a = (text: string): number => {
  let bits = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    bits = Math.imul(bits ^ text.charCodeAt(i), 0x01000193)
  }
  return bits >>> 0
}
