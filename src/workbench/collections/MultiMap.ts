/**
 * Get-or-insert for the built-in Map, and multimaps: maps from a key to all of its values.
 */

/**
 * The value of a key, or else a new one, which is kept under the key. Values must not be `undefined`.
 *
 * JavaScript is to have it as `Map.prototype.getOrInsertComputed`, which Node.js 24 lacks.
 */
export const getOrInsert = <Key, Value>(map: Map<Key, Value>, key: Key, make: () => NoInfer<Value>): Value => {
  const known = map.get(key)
  if (known !== undefined) {
    return known
  }
  const made = make()
  map.set(key, made)
  return made
}

/** Adds a value behind the others of a key. */
export const append = <Key, Value>(lists: Map<Key, Array<Value>>, key: Key, value: Value): void => {
  const list = lists.get(key)
  if (list === undefined) {
    lists.set(key, [value])
  } else {
    list.push(value)
  }
}
