// SPDX-License-Identifier: Apache-2.0
import type { MetricTable, Module } from '@leadline/kit'
import { type Watched, watchModule } from '@leadline/kube'
import { delays } from './collectors/delays.ts'
import { judging } from './collectors/judging.ts'
import type { Known } from './collectors/known.ts'
import { runs } from './collectors/runs.ts'
import { stateCollector } from './collectors/state.ts'
import { waiting } from './collectors/waiting.ts'
import type { SaverState } from './state/saver.ts'

/** Every collector of the exporter. `saver` gives undefined where no state is kept. */
export function modulesOf(
  known: Known,
  watched: Watched,
  saver: () => SaverState | undefined,
): readonly Module<unknown, MetricTable>[] {
  return [
    runs(known),
    waiting(known),
    delays(known),
    judging(known),
    stateCollector(saver),
    watchModule('cronjob', watched),
  ]
}
