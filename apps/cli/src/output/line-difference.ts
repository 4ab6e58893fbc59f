/** A line of a difference: in both texts, only in the one before, only in the one after, or standing for some that are left out. */
export interface DifferenceLine {
  readonly sign: ' ' | '-' | '+' | '…'
  readonly text: string
}

/** Steps that the comparison of two texts may take; beyond them what lies between equal ends is told as a whole. */
const mostSteps = 4_000_000

/** How one text became another, line by line, with a few equal lines around what differs. */
export function lineDifference(
  before: readonly string[],
  after: readonly string[],
  around = 3,
): readonly DifferenceLine[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let same = 0
  while (
    same < before.length - start &&
    same < after.length - start &&
    before.at(-1 - same) === after.at(-1 - same)
  )
    same++
  const [gone, made] = [before.slice(start, before.length - same), after.slice(start, after.length - same)]
  const between = gone.length * made.length > mostSteps ? replaced(gone, made) : aligned(gone, made)
  const whole = [
    ...signed(' ', before.slice(0, start)),
    ...between,
    ...signed(' ', before.slice(before.length - same)),
  ]
  return shortened(whole, around)
}

function signed(sign: DifferenceLine['sign'], lines: readonly string[]): readonly DifferenceLine[] {
  return lines.map((text) => ({ sign, text }))
}

function replaced(gone: readonly string[], made: readonly string[]): readonly DifferenceLine[] {
  return [...signed('-', gone), ...signed('+', made)]
}

/** Along a longest common subsequence, what is gone before what came. */
function aligned(gone: readonly string[], made: readonly string[]): readonly DifferenceLine[] {
  const width = made.length + 1
  // Length of the longest one from each pair of places to both ends.
  const longest = new Uint32Array((gone.length + 1) * width)
  for (let i = gone.length - 1; i >= 0; i--)
    for (let j = made.length - 1; j >= 0; j--)
      longest[i * width + j] =
        gone[i] === made[j]
          ? longest[(i + 1) * width + j + 1] + 1
          : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1])
  const lines: DifferenceLine[] = []
  let [i, j] = [0, 0]
  while (i < gone.length || j < made.length) {
    if (i < gone.length && j < made.length && gone[i] === made[j]) {
      lines.push({ sign: ' ', text: gone[i] })
      i++
      j++
    } else if (
      j === made.length ||
      (i < gone.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1])
    )
      lines.push({ sign: '-', text: gone[i++] })
    else lines.push({ sign: '+', text: made[j++] })
  }
  return lines
}

/** Leaves out equal lines far from any other. */
function shortened(lines: readonly DifferenceLine[], around: number): readonly DifferenceLine[] {
  const near = new Uint8Array(lines.length)
  for (const [index, { sign }] of lines.entries())
    if (sign !== ' ') near.fill(1, Math.max(0, index - around), index + around + 1)
  const kept: DifferenceLine[] = []
  for (const [index, line] of lines.entries()) {
    if (near[index]) kept.push(line)
    else if (kept.at(-1)?.sign !== '…') kept.push({ sign: '…', text: '' })
  }
  return kept
}
