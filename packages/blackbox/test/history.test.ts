// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { History } from '../src/probe/history.ts'
import type { ProbeResult } from '../src/probe/result.ts'

function result(target: string, success: boolean, moduleName = 'm'): ProbeResult {
  const ending = success ? 'success' : 'failed'
  const module = { prober: 'tcp', timeout: 0 }
  return { moduleName, module, target, success, ending, durationSeconds: 0, records: [], page: '' }
}

function ids(history: History): readonly number[] {
  return history.entries().map(({ id }) => id)
}

test('the newest results are kept', async (t) => {
  const history = new History(3)
  for (let i = 0; i < 5; i++) history.add(result(`t${i}`, true))
  t.strictSame(ids(history), [2, 3, 4])
  t.equal(history.byId(1), undefined)
  t.equal(history.byId(3)?.result.target, 't3')
})

test('failures that fall out go to a ring of their own', async (t) => {
  const history = new History(2)
  for (const success of [false, true, false, false, true, true]) history.add(result('t', success))
  t.strictSame(ids(history), [2, 3, 4, 5])
})

test('by target the oldest match wins, kept failures first', async (t) => {
  const history = new History(2)
  history.add(result('a', false, 'm1'))
  history.add(result('a', true, 'm2'))
  history.add(result('b', true, 'm1'))
  history.add(result('a', true, 'm1'))
  t.equal(history.byTarget('a', undefined)?.id, 0)
  t.equal(history.byTarget('b', undefined)?.id, 2)
  t.equal(history.byTarget('b', 'm2'), undefined)
  t.equal(history.byTarget('a', 'm2'), undefined)
})

test('a limit of 0 keeps nothing and numbers go on', async (t) => {
  const history = new History(0)
  history.add(result('a', false))
  t.strictSame(history.entries(), [])
})
