import { limits } from './limits.ts'
import { objectsOf, textField, type Untrusted } from './untrusted.ts'

/** The `properties` of an object by name, the values of one name in their order. */
export function propertiesOf(object: Untrusted): ReadonlyMap<string, readonly string[]> {
  return valuesByName(objectsOf(object, 'properties', limits.list))
}

export function valuesByName(properties: readonly Untrusted[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>()
  for (const property of properties) {
    const name = textField(property, 'name')
    const value = property['value']
    if (name === undefined || typeof value !== 'string' || value.length > limits.text) continue
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  return values
}
