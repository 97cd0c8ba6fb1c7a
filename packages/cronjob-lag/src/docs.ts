// SPDX-License-Identifier: Apache-2.0
import { exporterDocs } from '@leadline/kit'
import { cronJobLagConfig } from './config.ts'
import { modulesOf } from './modules.ts'

const nothing = () => undefined

const modules = modulesOf(
  {
    cronJobs: () => [],
    tally: nothing,
    isBlind: () => true,
    now: () => 0,
    seenUntil: nothing,
    objectiveSecondsOf: () => 0,
    annotationMistakes: () => [],
    isRolledUp: () => false,
  },
  { cluster: { skewSeconds: nothing }, watches: () => [] },
  nothing,
)

/** The tables and files of this package that are made from the code. */
export const { metricsSections, generatedFiles } = exporterDocs({
  name: 'cronjob-lag',
  namespace: 'cronjob',
  modules,
  config: cronJobLagConfig,
})
