// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { test } from 'tap'
import { nextTick } from '../src/schedule/next.ts'
import { parseSchedule } from '../src/schedule/parse.ts'
import type { Schedule } from '../src/schedule/schedule.ts'

// Written by the program in golden/schedule: what robfig/cron v3.0.1 answers.
const lines = readFileSync(new URL('golden/schedule.tsv', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
const readings = lines.filter((line) => /^[+!]\t/.test(line))
const runs = lines.filter((line) => !/^[+!]\t/.test(line))

/** Where the texts of `readings` are counted from. */
const readingsAt = 1_700_000_000

/** The answers that ours are to be: as many steps as the file has, in its own spelling. */
function stepsOf(schedule: Schedule, from: number, count: number): string[] {
  const steps: string[] = []
  let at = from
  while (steps.length < count) {
    const tick = nextTick(schedule, at)
    steps.push(tick === undefined ? '-' : (tick - at).toString(36))
    if (tick === undefined) break
    at = tick
  }
  return steps
}

test('ticks are those of robfig/cron in every zone', async (t) => {
  t.ok(runs.length > 3000)
  const wrong: string[] = []
  for (const line of runs) {
    const [timeZone = '', start = '', quoted = '', answer = ''] = line.split('\t')
    const { schedule } = parseSchedule(JSON.parse(quoted), { timeZone })
    const expected = answer.split(' ')
    const steps = schedule === undefined ? ['refused'] : stepsOf(schedule, Number(start), expected.length)
    if (steps.join(' ') !== answer) wrong.push(`${line}: ${steps.join(' ')}`)
  }
  t.same(wrong, [])
})

test('texts are taken and refused as robfig/cron does', async (t) => {
  t.ok(readings.filter((line) => line.startsWith('!')).length > 2000)
  t.ok(readings.filter((line) => line.startsWith('+')).length > 600)
  const wrong: string[] = []
  for (const line of readings) {
    const [mark, quoted = '', answer = ''] = line.split('\t')
    const { schedule } = parseSchedule(JSON.parse(quoted))
    const expected = answer.split(' ')
    const steps = schedule === undefined ? [''] : stepsOf(schedule, readingsAt, expected.length)
    if ((schedule === undefined) !== (mark === '!') || steps.join(' ') !== answer)
      wrong.push(`${line}: ${steps.join(' ')}`)
  }
  t.same(wrong, [])
})
