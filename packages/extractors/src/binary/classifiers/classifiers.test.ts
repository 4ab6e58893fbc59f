import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { RetainedBytes } from '../../chunks.ts'
import type { Observation } from '../../extractor.ts'
import { pathPattern } from '../../wants.ts'
import { type Classifier, classifierExtractor } from './classifier.ts'
import { classifiers } from './index.ts'

const elfMagic = Buffer.from('\x7fELF\x02\x01\x01\0', 'latin1')

/** The bytes in the middle of a program, or as a text file. */
function fileOf(classifier: Classifier, bytes: string): Buffer {
  const content = Buffer.from(bytes, 'latin1')
  if (classifier.text) return content
  return Buffer.concat([elfMagic, Buffer.alloc(3000, 0xcc), content, Buffer.alloc(3000, 0xcc)])
}

function classify(classifier: Classifier, path: string, content: Buffer | RetainedBytes): Observation[] {
  const bytes = content instanceof RetainedBytes ? content : RetainedBytes.of(content)
  return [...classifierExtractor(classifier).extract({ path, size: bytes.size, mode: 0o755, bytes })]
}

test('every file of the folder is a classifier in the list, sorted', () => {
  const files = readdirSync(import.meta.dirname)
    .filter((name) => !/^(?:index|classifier|classifiers\.test)\.ts$/.test(name))
    .map((name) => name.replace(/\.ts$/, ''))
  assert.deepEqual(
    classifiers.map(({ id }) => id),
    files.sort(),
  )
  assert.ok(files.length >= 50)
})

for (const classifier of classifiers) {
  test(`${classifier.id}: every specimen is recognised`, () => {
    assert.equal(classifier.specimens.length === 0, classifier.untried === true)
    for (const { path, bytes, version } of classifier.specimens) {
      assert.ok(
        classifier.paths.some((glob) => pathPattern(glob).test(path)),
        `${path} is not asked for`,
      )
      assert.deepEqual(classify(classifier, path, fileOf(classifier, bytes)), [
        { kind: 'package', type: 'generic', name: classifier.name, version, confidence: 'matched' },
      ])
    }
  })

  test(`${classifier.id}: what comes near is not taken for it`, () => {
    assert.ok(classifier.nearMisses.length > 0)
    for (const { path, bytes } of classifier.nearMisses) {
      assert.deepEqual(
        classify(classifier, path, fileOf(classifier, bytes)),
        [],
        `${path}: ${JSON.stringify(bytes)}`,
      )
    }
  })

  test(`${classifier.id}: another file of the name, cut off or not a program, yields nothing`, () => {
    const path = classifier.specimens[0]?.path ?? classifier.nearMisses[0].path
    for (const content of ['', 'M', '#!/bin/sh\n', '\x7fELF']) {
      assert.deepEqual(classify(classifier, path, Buffer.from(content, 'latin1')), [])
    }
    for (const { bytes, version } of classifier.specimens) {
      // Cut inside the version, so that no rest of it can pass for the whole.
      const cut = bytes.indexOf(version) + version.length - 1
      const found = classify(
        classifier,
        path,
        fileOf(classifier, bytes).subarray(0, (classifier.text ? 0 : 3008) + cut),
      )
      assert.ok(
        found.every((observation) => observation.kind !== 'package' || observation.version !== version),
      )
    }
  })

  test(`${classifier.id}: patterns are fast on text made of what they look for`, () => {
    for (const { anchor, before = 0, pattern } of classifier.patterns) {
      assert.ok(before <= 128 && pattern.flags === '')
      const window = (anchor + '1.1'.repeat(10)).repeat(400).slice(0, 384)
      const started = performance.now()
      for (let round = 0; round < 20; round++) pattern.test(window)
      assert.ok(performance.now() - started < 200, `${pattern}`)
    }
  })
}

const sample: Classifier = {
  id: 'sample',
  label: 'Sample',
  name: 'sample',
  revision: 1,
  paths: ['**/sample'],
  patterns: [
    { anchor: 'sample/', before: 4, pattern: /\0sample\/(?<version>\d+\.\d+)\0/ },
    { anchor: 'Sample ', pattern: /^Sample (?<version>\d+\.\d+)/ },
  ],
  specimens: [],
  nearMisses: [],
}

test('several versions in one file are a problem, not a choice', () => {
  const [problem] = classify(sample, 'bin/sample', fileOf(sample, '\0sample/1.0\0\0sample/1.1\0'))
  assert.ok(problem.kind === 'problem')
  assert.equal(problem.code, 'unsupported')
  assert.match(problem.message, /1\.0, 1\.1/)
})

test('a later pattern speaks only where the earlier are silent', () => {
  const versions = (text: string) =>
    classify(sample, 'bin/sample', fileOf(sample, text)).map(
      (found) => found.kind === 'package' && found.version,
    )
  assert.deepEqual(versions('Sample 2.0 \0sample/1.0\0'), ['1.0'])
  assert.deepEqual(versions('Sample 2.0 sample/1.0'), ['2.0'])
})

test('of a large file the windows from each anchor are enough', () => {
  const content = fileOf(sample, '\0Sample 3.1\0')
  const at = content.indexOf('Sample')
  const gap = 80 * 1024 * 1024
  const bytes = new RetainedBytes(content.length + gap, [
    [0, content.subarray(0, 64)],
    [at + gap, content.subarray(at)],
  ])
  assert.equal(classify(sample, 'bin/sample', bytes).length, 1)
  const cut = new RetainedBytes(content.length + gap, [
    [0, content.subarray(0, 64)],
    [at + gap, content.subarray(at, at + 8)],
  ])
  assert.deepEqual(classify(sample, 'bin/sample', cut), [])
})

test('a file full of anchors ends', () => {
  const started = performance.now()
  const [found] = classify(sample, 'bin/sample', Buffer.concat([elfMagic, Buffer.alloc(8 << 20, 'Sample ')]))
  assert.equal(found, undefined)
  assert.ok(performance.now() - started < 2000)
})
