// SPDX-License-Identifier: Apache-2.0
import { listOf } from '@leadline/kube'

/** Volumes that need nothing but the node itself, or what every pod has. */
const selfMade = new Set(['emptyDir', 'projected', 'downwardAPI', 'hostPath'])

/** Whether a pod has a volume that has to be found, attached or fetched: a claim, a ConfigMap, a Secret, a network mount. */
export function hasForeignVolumes(volumes: unknown): boolean {
  return listOf(volumes).some((volume) => Object.keys(volume).some((key) => key !== 'name' && !selfMade.has(key)))
}
