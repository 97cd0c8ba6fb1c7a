// SPDX-License-Identifier: Apache-2.0
import { parseSchedule } from '@leadline/kube'
import * as fc from 'fast-check'
import { test } from 'tap'
import { stringify } from 'yaml'
import { jobs, nearSchedules } from './arbitrary.ts'
import { firing, run } from './commands.ts'
import { containerOf, readManifests } from './goldens.ts'
import { manifest } from './manifests.ts'

test('lint finds no error in what render gives, and render refuses nothing that lint takes', async (t) => {
  let rendered = 0
  await fc.assert(
    fc.asyncProperty(fc.array(jobs, { minLength: 1, maxLength: 3 }), async (written) => {
      const text = stringify(written)
      const given = await run(['render', '-'], text)
      const { code } = await run(['lint', '-', '--no-histogram'], text)
      t.equal(given.code, code, given.stderr)
      if (given.code !== 0) return
      rendered += 1
      t.match(await run(['lint', '-', '--no-histogram'], given.stdout), { code: 0 })
    }),
    { numRuns: 300 },
  )
  t.ok(rendered > 30, `${rendered} were rendered`)
})

test('what render prints reads back as the texts of the job, by YAML 1.1 and 1.2', async (t) => {
  const readable = jobs.map((one) => ({ ...one, schedule: '23 3 * * *' }))
  await fc.assert(
    fc.asyncProperty(readable, async ({ command, env = {}, ...one }) => {
      const words = typeof command === 'string' ? [command] : command
      const { stdout, stderr } = await run(['render', '-'], JSON.stringify({ ...one, env, command: words }))
      t.equal(stderr, '')
      for (const version of ['1.1', '1.2'] as const) {
        const [cronJob] = readManifests(stdout, version)
        const container = cronJob === undefined ? {} : containerOf(cronJob)
        const values = (container.env ?? []).map(({ name, value }) => [name, value])
        const texts = Object.entries(env).map(([name, value]) => [name, typeof value === 'string' ? value : undefined])
        t.strictSame(values, texts)
        t.strictSame(container.command, words)
        t.match(cronJob?.metadata.annotations, one.annotations ?? {})
      }
    }),
    { numRuns: 300 },
  )
})

test('lines of nothing but blanks read back as they are', async (t) => {
  const command = [' \n', '\n', 'a\n \nb', '  a\n', 'a \n', 'a\n\n', 'a\n  b']
  const job = { name: 'a', schedule: '23 3 * * *', image: 'x', command }
  const { stdout } = await run(['render', '-'], JSON.stringify(job))
  for (const version of ['1.1', '1.2'] as const) {
    const [cronJob] = readManifests(stdout, version)
    t.strictSame(cronJob && containerOf(cronJob).command, command)
  }
})

test('lint refuses the schedules that Kubernetes refuses, and no others', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(nearSchedules, fc.string()), async (schedule) => {
      const { problem } = parseSchedule(schedule, { timeZone: 'Etc/UTC' })
      const rules = await firing(manifest({ schedule: JSON.stringify(schedule) }))
      t.equal(rules.includes('schedule'), problem !== undefined, JSON.stringify(schedule))
    }),
    { numRuns: 500 },
  )
})
