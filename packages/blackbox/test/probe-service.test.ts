// SPDX-License-Identifier: Apache-2.0
import { RunController, systemClock } from '@leadline/kit'
import { Registry } from 'prom-client'
import { test } from 'tap'
import type { ProbeModule } from '../src/config.ts'
import { probers } from '../src/modules.ts'
import { ProbeCounters } from '../src/probe/counters.ts'
import { History } from '../src/probe/history.ts'
import type { ProbeRequest } from '../src/probe/request.ts'
import { ProbeService } from '../src/probe/service.ts'

/** Has no time, so that it is over at once. */
const request: ProbeRequest = {
  moduleName: 'any',
  module: {} as ProbeModule,
  prober: probers[0] as (typeof probers)[number],
  target: 'any',
  timeoutSeconds: 0,
}

/** What a caller hears when results are kept in this history. */
function heard(history: History): readonly unknown[] {
  const service = new ProbeService({
    clock: systemClock,
    history,
    counters: new ProbeCounters(new Registry()),
    logLevel: 'error',
    sink: () => {},
  })
  const told: unknown[] = []
  service.probe(request, {
    debug: false,
    controller: new RunController(),
    answered: ({ result }) => told.push(result.ending),
    failed: (error) => told.push(error),
  })
  return told
}

test('the caller hears of the answer, or of a fault of ours, once', async (t) => {
  const fault = new Error('a fault')
  class BrokenHistory extends History {
    override add(): void {
      throw fault
    }
  }
  t.strictSame(heard(new History(1)), ['timeout'])
  t.strictSame(heard(new BrokenHistory(1)), [fault])
})
