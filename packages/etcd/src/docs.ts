// SPDX-License-Identifier: Apache-2.0
import { exporterDocs, systemClock } from '@leadline/kit'
import { etcdConfig } from './config.ts'
import { modulesOf } from './modules.ts'

const none = () => []

const modules = modulesOf({
  clusters: none,
  memberships: none,
  ownMetrics: none,
  credentials: none,
  disk: { view: () => undefined },
  heldUp: { totalSeconds: () => 0 },
  clock: systemClock,
})

/** The tables and files of this package that are made from the code. */
export const { metricsSections, generatedFiles } = exporterDocs({
  name: 'etcd',
  namespace: 'etcd',
  modules,
  config: etcdConfig,
})
