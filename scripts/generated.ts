// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generatedFiles as blackboxFiles } from '../packages/blackbox/src/docs.ts'
import { generatedFiles as cronJobLagFiles } from '../packages/cronjob-lag/src/docs.ts'
import { generatedFiles as cronjobsFiles } from '../packages/cronjobs/src/docs.ts'
import { generatedFiles as etcdFiles } from '../packages/etcd/src/docs.ts'
import { generatedFiles as pendingPodFiles } from '../packages/pending-pod/src/docs.ts'

const packages = fileURLToPath(new URL('../packages', import.meta.url))

const filesOf = {
  blackbox: blackboxFiles,
  etcd: etcdFiles,
  'cronjob-lag': cronJobLagFiles,
  cronjobs: cronjobsFiles,
  'pending-pod': pendingPodFiles,
}

/** Every file that is made from the code: absolute path to content. */
export function* generated(): Generator<readonly [path: string, content: string]> {
  for (const [folder, files] of Object.entries(filesOf)) {
    for (const [name, content] of files()) yield [join(packages, folder, name), content]
  }
}
