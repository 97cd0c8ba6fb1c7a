// SPDX-License-Identifier: Apache-2.0
// Scenarios wait for full minutes far longer than they compute, so that many go side by side, and nothing else does.
import { globSync } from 'node:fs'
import { availableParallelism, freemem } from 'node:os'
import tap from 'tap'
import { repositoryRoot } from './servers/find.ts'

/** Each brings a control plane, which takes an eighth of a processor, far more while it starts, and most of a GiB. */
const most = Math.min(4 * availableParallelism(), Math.floor(freemem() / 2 ** 30))
tap.jobs = Math.max(most, 1)
tap.setTimeout(3_600_000)

const longest = [
  'controller-down',
  'runs',
  'blind-silence',
  'restarts',
  'unusual',
  'blind',
  'kills',
  'waiting',
  'settings',
]
const found = globSync('packages/*/test/scenarios/*.test.ts', { cwd: repositoryRoot }).toSorted()
/** Those that take longest come first, so that none goes on alone in the end. */
const files = new Set([...longest.map((name) => `packages/cronjob-lag/test/scenarios/${name}.test.ts`), ...found])

await Promise.all(
  [...files].map((name) =>
    tap.spawn(process.execPath, [...process.execArgv, name], { name, buffered: true, cwd: repositoryRoot }),
  ),
)
