// SPDX-License-Identifier: Apache-2.0
import { listOf, type Raw, rawOf } from '@leadline/kube'

/** Volumes that need nothing but the node itself, or what every pod has. */
const selfMade = new Set(['emptyDir', 'downwardAPI', 'hostPath'])

/** Whether a pod has a volume that has to be found, attached or fetched: a claim, a ConfigMap, a Secret, a network mount. */
export function hasForeignVolumes(volumes: unknown): boolean {
  return listOf(volumes).some((volume) =>
    Object.entries(volume).some(([key, source]) =>
      key === 'projected' ? hasForeignSources(rawOf(source)) : key !== 'name' && !selfMade.has(key),
    ),
  )
}

function hasForeignSources(projected: Raw): boolean {
  const sources = listOf(projected['sources'])
  const kinds = new Set(sources.flatMap((source) => Object.keys(source)))
  // Every pod has such a volume: the token of its service account, with ConfigMaps that every namespace has.
  if (kinds.delete('serviceAccountToken')) kinds.delete('configMap')
  kinds.delete('downwardAPI')
  return kinds.size > 0
}
