// SPDX-License-Identifier: Apache-2.0
import { setImmediate as nextTurn } from 'node:timers/promises'
import { test } from 'tap'
import { TurnEnd } from '../src/probe/turn-end.ts'

test('tasks run in a row at the end of the turn, and theirs a turn later', async (t) => {
  const turnEnd = new TurnEnd()
  const seen: string[] = []
  const failed = (error: unknown) => seen.push(String(error))
  const task = (name: string) => () => {
    seen.push(name)
    queueMicrotask(() => seen.push(`${name} settled`))
    turnEnd.add(() => seen.push(`${name} again`), failed)
  }
  turnEnd.add(task('first'), failed)
  turnEnd.add(task('second'), failed)
  await Promise.resolve()
  t.strictSame(seen, [])
  await nextTurn()
  t.strictSame(seen, ['first', 'second', 'first settled', 'second settled'])
  await nextTurn()
  t.strictSame(seen.slice(4), ['first again', 'second again'])
})

test('a task that throws does not keep the others from running', async (t) => {
  const turnEnd = new TurnEnd()
  const seen: unknown[] = []
  const fault = new Error('a fault')
  const failed = (error: unknown) => seen.push(error)
  turnEnd.add(() => {
    throw fault
  }, failed)
  turnEnd.add(() => seen.push('ran'), failed)
  await nextTurn()
  t.strictSame(seen, [fault, 'ran'])
})

test('what is too much for one turn runs in the next', async (t) => {
  const turnEnd = new TurnEnd(2)
  const seen: number[] = []
  const failed = (error: unknown): void => void t.fail(String(error))
  for (let i = 0; i < 5; i++) turnEnd.add(() => seen.push(i), failed)
  await nextTurn()
  t.strictSame(seen, [0, 1])
  turnEnd.add(() => seen.push(5), failed)
  await nextTurn()
  t.strictSame(seen, [0, 1, 2, 3])
  await nextTurn()
  t.strictSame(seen, [0, 1, 2, 3, 4, 5])
  turnEnd.add(() => seen.push(6), failed)
  await nextTurn()
  t.equal(seen.length, 7)
})
