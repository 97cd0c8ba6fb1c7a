// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { test } from 'tap'

/** Calls nextTick once before full collections and once after them. */
const script = `
  const { setImmediate } = await import('node:timers/promises')
  const tickOnce = async () => { process.nextTick(() => {}); await setImmediate() }
  await tickOnce()
  for (let i = 0; i < 3; i++) gc()
  const mark = {}
  mark.afterCollections = true
  await setImmediate()
  await tickOnce()`

/** How often V8 made the shape of what Node writes down for a tick after the collections, as its log of shapes has it. */
async function shapesMadeAnew(folder: string, preload: string): Promise<number> {
  const log = `${folder}/shapes.log`
  const flags = ['--expose-gc', '--log-maps', '--no-logfile-per-isolate', `--logfile=${log}`]
  const program = ['--input-type=module', '--eval', `${preload}; ${script}`]
  await promisify(execFile)(process.execPath, [...flags, ...program])
  const shapes = (await readFile(log, 'utf8')).split('\n').filter((line) => line.startsWith('map,Transition,'))
  const mark = shapes.findIndex((line) => line.includes('afterCollections'))
  if (mark === -1) throw new Error('the log of shapes lacks the mark')
  return shapes.slice(mark).filter((line) => line.includes('trigger_async_id_symbol')).length
}

test('the shape of a tick outlives full collections while one is kept, and is made anew otherwise', async (t) => {
  const keeper = JSON.stringify(new URL('../src/tick-shape.ts', import.meta.url).href)
  t.equal(await shapesMadeAnew(t.testdir(), `(await import(${keeper})).keepTickShape()`), 0)
  t.equal(await shapesMadeAnew(t.testdir(), ''), 1)
})
