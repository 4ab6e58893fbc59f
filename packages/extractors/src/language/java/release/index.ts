import { defineExtractor, MiB } from '../../../extractor.ts'
import { shellAssignments } from '../../../formats/shell-assignments.ts'

const textLimit = 64 * 1024

/**
 * The `release` file at the root of a Java runtime, `KEY="value"` lines. https://openjdk.org/jeps/223 (JAVA_VERSION)
 *
 * `openjdk` is every build of the OpenJDK sources, whoever distributes it (`vendor`); Oracle's commercial builds and
 * GraalVM are named apart. A file of this name that says nothing of Java is something else, and yields nothing.
 */
export const javaRelease = defineExtractor({
  id: 'language/java/release',
  revision: 1,
  finds: 'Java runtimes by their release file',
  wants: { paths: ['**/release'] },
  maxBytes: 1 * MiB,
  *extract(file) {
    const values = shellAssignments(file.bytes.slice(0, textLimit).toString('utf8'))
    const version = values.get('JAVA_VERSION')
    if (version === undefined || !/^\d[\w.+-]{0,63}$/.test(version)) return
    const vendor = values.get('IMPLEMENTOR')
    yield {
      kind: 'package',
      type: 'generic',
      name: productOf(values),
      version,
      ...(vendor ? { vendor } : {}),
      confidence: 'declared',
    }
  },
})

function productOf(values: ReadonlyMap<string, string>): string {
  if (values.has('GRAALVM_VERSION')) return 'graalvm'
  return values.get('BUILD_TYPE') === 'commercial' ? 'oracle-jdk' : 'openjdk'
}
