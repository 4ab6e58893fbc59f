import { objectField, objectsOf, textField, type Untrusted } from '../untrusted.ts'
import { isCompound, licenseExpression, licenseId } from './expression.ts'

/** CycloneDX `licenses`: a list of ids and names, or exactly one expression, never both. */
export type LicenseChoice =
  | readonly { readonly license: { readonly id: string } | { readonly name: string } }[]
  | readonly [{ readonly expression: string }]

export function writeLicenses(stated: readonly string[]): LicenseChoice {
  const [only] = stated
  const expression = stated.length === 1 ? licenseExpression(only) : undefined
  if (expression && isCompound(expression)) return [{ expression }]
  return stated.map((name) => {
    const id = licenseId(name)
    return { license: id ? { id } : { name } }
  })
}

export function readLicenses(component: Untrusted): readonly string[] {
  return objectsOf(component, 'licenses').flatMap((choice) => {
    const license = objectField(choice, 'license')
    if (license) return textField(license, 'id') ?? textField(license, 'name') ?? []
    return textField(choice, 'expression') ?? []
  })
}

/** What a reader takes from what was written. */
export function licensesAsRead(choice: LicenseChoice): readonly string[] {
  return readLicenses({ licenses: choice })
}
