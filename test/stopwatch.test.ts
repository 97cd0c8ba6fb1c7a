// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { test } from 'tap'
import { startStopwatch } from './servers/stopwatch.ts'

const spin = (seconds: number): void => {
  const begun = performance.now()
  while (performance.now() - begun < seconds * 1000);
}

test('a bound is never less than its seconds, and what has passed is off it', async (t) => {
  const stopwatch = startStopwatch()
  spin(0.05)
  t.ok(stopwatch.seconds >= 0.05)
  t.ok(stopwatch.grown(2) >= 2)
  t.ok(stopwatch.left(0.01) < 0.5 && stopwatch.left(100) > 90)
})

test('a bound grows while others have the processors, and not without end', {
  skip: !existsSync('/proc/self/schedstat') && 'only Linux tells',
}, async (t) => {
  const hogs = Array.from({ length: availableParallelism() * 3 }, () =>
    spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }),
  )
  t.teardown(() => hogs.forEach((hog) => hog.kill('SIGKILL')))
  const stopwatch = startStopwatch()
  spin(0.5)
  const grown = stopwatch.grown(1)
  t.ok(grown > 1.5 && grown <= 8, `${grown} s`)
})
