import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shellAssignments } from './shell-assignments.ts'

test('only lines of the shape NAME=value are assignments', () => {
  const values = shellAssignments('#A=1\nB=2\n3C=4\nD E=5\n =6\nexport F=7\nG\nH=\n')
  assert.deepEqual(
    [...values],
    [
      ['B', '2'],
      ['H', ''],
    ],
  )
})

test('a value whose quote is never closed is none', () => {
  assert.equal(shellAssignments('A="1\nB=\'2').size, 0)
})

test('spaces inside an unquoted value stay, a comment behind it goes', () => {
  assert.equal(shellAssignments('A=Wind River Linux  # name').get('A'), 'Wind River Linux')
  assert.equal(shellAssignments('A=issue#1').get('A'), 'issue#1')
})
