// SPDX-License-Identifier: Apache-2.0
// Scenarios wait for full minutes far longer than they compute, so that many go side by side, and nothing else does.
import { globSync } from 'node:fs'
import tap from 'tap'
import { repositoryRoot } from './servers/find.ts'

/** As many control planes start at the same time. */
tap.jobs = 8
tap.setTimeout(900_000)

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
