const float = new Float64Array(1)
const bits = new BigInt64Array(float.buffer)

/** The next double above (1) or below (-1) a finite one: what lies strictly beyond it lies from there on. */
export function nextNumber(value: number, towards: 1 | -1): number {
  if (value === 0) return towards * Number.MIN_VALUE
  float[0] = value
  // Doubles of one sign are ordered as their bits are.
  bits[0] = (bits[0] ?? 0n) + (value > 0 === (towards === 1) ? 1n : -1n)
  return float[0]
}
