// SPDX-License-Identifier: Apache-2.0
import type { FlagValues } from '@leadline/kit'
import { type Cluster, placeOf } from '@leadline/kube'
import type { flags } from '../flags.ts'
import { configMapStore } from '../state/config-map-store.ts'
import { fileStore } from '../state/file-store.ts'
import type { Keeping } from './judging.ts'

/** Where the flags want the state to be kept; undefined for nowhere. Each save of a ConfigMap is a write to etcd. */
export function keepingOf(values: FlagValues<typeof flags>, cluster: Cluster): Keeping | undefined {
  if (values['state.file'] !== '') {
    return { store: fileStore(values['state.file']), minimumSeconds: 1, maximumSeconds: 15 }
  }
  const place = placeOf('state.config-map', values['state.config-map'])
  return place && { store: configMapStore(cluster, place), minimumSeconds: 10, maximumSeconds: 60 }
}
