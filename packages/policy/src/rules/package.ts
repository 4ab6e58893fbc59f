import type { PolicyPackage } from '../facts.ts'
import { defineProp } from '../prop.ts'

export const packageName = defineProp<'package'>({
  name: 'package',
  subject: 'package',
  kind: 'text',
  many: 'names',
  wildcards: true,
  description: 'name of the package, or its name, a space and its version',
  read: packageNames,
})

/** `name` and `name version`, with and without the namespace; Maven also joins the two with a colon. */
function packageNames({ type, namespace, name, version }: PolicyPackage): readonly string[] {
  if (!namespace) return [name, `${name} ${version}`]
  const full = `${namespace}/${name}`
  const names = [name, `${name} ${version}`, full, `${full} ${version}`]
  return type === 'maven' ? [...names, `${namespace}:${name}`, `${namespace}:${name} ${version}`] : names
}
