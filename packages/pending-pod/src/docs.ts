// SPDX-License-Identifier: Apache-2.0
import { exporterDocs } from '@leadline/kit'
import { pendingPodConfig } from './config.ts'
import { modulesOf } from './modules.ts'

const nothing = () => undefined

const modules = modulesOf(
  {
    summary: nothing,
    tally: nothing,
    thresholdMistakes: () => [],
    unclassifiedMessages: () => 0,
    lookUps: () => 0,
  },
  { cluster: { skewSeconds: nothing }, watches: () => [] },
)

/** The tables and files of this package that are made from the code. */
export const { metricsSections, generatedFiles } = exporterDocs({
  name: 'pending-pod',
  namespace: 'pending_pod',
  modules,
  config: pendingPodConfig,
})
