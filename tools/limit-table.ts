export type Unit = 'bytes' | 'characters' | 'hours' | 'seconds' | 'times' | ''
/** What each bound of a table is of. */
export type Words<Limits> = Readonly<Record<keyof Limits, readonly [what: string, unit: Unit]>>

/** A row for each bound. */
export function rows<Limits>(words: Words<Limits>, values: Limits): string[][] {
  return Object.entries<readonly [string, Unit]>(words).map(([key, [what, unit]]) => [
    what,
    amount(values[key as keyof Limits] as number, unit), // Every value is a number; the keys are those of `words`.
  ])
}

/** `8 MiB`, `1,000 times`. */
export function amount(value: number, unit: Unit): string {
  if (unit !== 'bytes' && unit !== 'characters')
    return `${value.toLocaleString('en')}${unit ? ` ${unit}` : ''}`
  const names = ['', 'Ki', 'Mi', 'Gi']
  let power = 0
  while (value >= 1024 && value % 1024 === 0 && power < 3) {
    value /= 1024
    power++
  }
  return unit === 'bytes'
    ? `${value} ${names[power]}B`
    : `${value} ${names[power]} characters`.replace('  ', ' ')
}
