import { Document, isMap, isSeq, visit } from 'yaml'

/** Longest condition that is written in one line, in characters of JSON. */
const shortEnough = 90

/** A document of policies, or a part of one, as YAML; members in their order, short conditions in a line each. */
export function policyYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false })
  visit(document, {
    Pair(_, { key, value: inside }) {
      const name = String(key)
      if ((name !== 'conditions' && name !== 'and') || !isSeq(inside)) return
      for (const item of inside.items)
        if (isMap(item) && JSON.stringify(item).length <= shortEnough) item.flow = true
    },
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}
