import { rpmTag } from './rpm-header.ts'

export interface HeaderFixture {
  readonly name: string
  readonly version: string
  readonly release: string
  readonly epoch?: number
  readonly arch?: string
  readonly license?: string
  readonly vendor?: string
  readonly sourceRpm?: string
  readonly module?: string
  /** Folder (with its slash), then the names in it. */
  readonly files?: readonly (readonly [folder: string, names: readonly string[]])[]
  /** The file list of packages older than rpm 4. */
  readonly oldFiles?: readonly string[]
}

type Value = readonly [tag: number, type: number, count: number, content: Buffer]

function text(tag: number, value: string | undefined): Value[] {
  return value === undefined ? [] : [[tag, 6, 1, Buffer.from(`${value}\0`)]]
}

function texts(tag: number, values: readonly string[]): Value {
  return [tag, 8, values.length, Buffer.from(values.map((value) => `${value}\0`).join(''))]
}

function integers(tag: number, values: readonly number[]): Value {
  const content = Buffer.alloc(values.length * 4)
  for (const [at, value] of values.entries()) content.writeUInt32BE(value, at * 4)
  return [tag, 4, values.length, content]
}

/** A header as databases hold it, laid out as the format's documentation says: index, then data, integers aligned to four. */
export function headerFixture(fixture: HeaderFixture): Buffer {
  const files = fixture.files ?? []
  const values: Value[] = [
    ...text(rpmTag.name, fixture.name),
    ...text(rpmTag.version, fixture.version),
    ...text(rpmTag.release, fixture.release),
    ...(fixture.epoch === undefined ? [] : [integers(rpmTag.epoch, [fixture.epoch])]),
    ...text(rpmTag.vendor, fixture.vendor),
    ...text(rpmTag.license, fixture.license),
    ...text(rpmTag.arch, fixture.arch),
    ...(fixture.oldFiles ? [texts(rpmTag.oldFileNames, fixture.oldFiles)] : []),
    ...text(rpmTag.sourceRpm, fixture.sourceRpm),
  ]
  if (files.length > 0) {
    const indexes = files.flatMap(([, names], folder) => names.map(() => folder))
    values.push(integers(rpmTag.directoryIndexes, indexes))
    values.push(
      texts(
        rpmTag.baseNames,
        files.flatMap(([, names]) => names),
      ),
    )
    values.push(
      texts(
        rpmTag.directoryNames,
        files.map(([folder]) => folder),
      ),
    )
  }
  values.push(...text(rpmTag.modularityLabel, fixture.module))
  return layOut(values)
}

function layOut(values: readonly Value[]): Buffer {
  const index = Buffer.alloc(values.length * 16)
  let content = Buffer.alloc(0)
  for (const [at, [tag, type, count, value]] of values.entries()) {
    if (type === 4) content = Buffer.concat([content, Buffer.alloc((4 - (content.length % 4)) % 4)])
    index.writeUInt32BE(tag, at * 16)
    index.writeUInt32BE(type, at * 16 + 4)
    index.writeUInt32BE(content.length, at * 16 + 8)
    index.writeUInt32BE(count, at * 16 + 12)
    content = Buffer.concat([content, value])
  }
  const intro = Buffer.alloc(8)
  intro.writeUInt32BE(values.length, 0)
  intro.writeUInt32BE(content.length, 4)
  return Buffer.concat([intro, index, content])
}
