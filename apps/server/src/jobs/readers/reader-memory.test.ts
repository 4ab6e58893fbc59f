import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesOfReadings, memoryOfReaders } from './reader-memory.ts'

const mebibyte = 1024 ** 2

test('readers share what a machine has, and leave room beside them', () => {
  assert.deepEqual(memoryOfReaders(1, 2560 * mebibyte), { heap: 768 * mebibyte, total: 1536 * mebibyte })
  assert.equal(memoryOfReaders(4, 10_240 * mebibyte).total, 1536 * mebibyte)
  assert.equal(memoryOfReaders(1, 16_384 * mebibyte).total, 2048 * mebibyte)
  // Less than this reads no image of the usual size.
  assert.equal(memoryOfReaders(8, 1024 * mebibyte).total, 768 * mebibyte)
})

test('what is said of an image is as much as the server can keep', () => {
  assert.equal(bytesOfReadings(1, 4096 * mebibyte), 64 * mebibyte)
  assert.equal(bytesOfReadings(2, 2048 * mebibyte), 16 * mebibyte)
  assert.equal(bytesOfReadings(8, 2048 * mebibyte), 8 * mebibyte)
})
