// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { causes, causeTexts } from '../src/cause/cause.ts'
import { outcomes } from '../src/ledger/leaving.ts'

const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8')
const runbook = join(import.meta.dirname, '..', '..', '..', 'alerts', 'runbooks', 'PendingPodOverThreshold.md')

/** The rows of the table whose first column has this head, as pairs of the first two columns. */
function tableOf(head: string): readonly (readonly [string, string])[] {
  const table = readme.split('\n\n').find((block) => block.startsWith(`| ${head} | `)) ?? ''
  return Array.from(table.matchAll(/^\| `(\w+)` \| (.*) \|$/gm), ([, name = '', text = '']) => [name, text] as const)
}

test('README.md has every cause with its meaning, in order', async (t) => {
  t.strictSame(
    tableOf('cause'),
    causes.map((cause) => [cause, causeTexts[cause]]),
  )
})

test('README.md has every way to cease to wait', async (t) => {
  t.strictSame(
    tableOf('how').map(([how]) => how),
    outcomes,
  )
})

test('the runbook has what to do for every cause that can page', async (t) => {
  const text = readFileSync(runbook, 'utf8')
  const silent = new Set(['gated', 'terminating_while_pending'])
  for (const cause of causes) t.equal(text.includes(`\`${cause}\``), !silent.has(cause), cause)
})
