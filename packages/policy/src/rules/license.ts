import { defineProp } from '../prop.ts'

export const license = defineProp<'package'>({
  name: 'license',
  subject: 'package',
  kind: 'text',
  many: 'values',
  description: 'every licence that the package states, the members of an SPDX expression one by one',
  read: ({ licenses }) => licenses.flatMap(members),
})

/** https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/ */
function members(expression: string): readonly string[] {
  if (!/[()]| (?:AND|OR|WITH) /.test(expression)) return [expression.trim()]
  return expression
    .split(/[()]| (?:AND|OR|WITH) /)
    .map((member) => member.trim())
    .filter((member) => member !== '')
}
