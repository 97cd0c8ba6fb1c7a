// SPDX-License-Identifier: Apache-2.0
import type { MetricTable, Module } from '@leadline/kit'
import { type Watched, watchModule } from '@leadline/kube'
import type { Known } from './collectors/known.ts'
import { left } from './collectors/left.ts'
import { self } from './collectors/self.ts'
import { waiting } from './collectors/waiting.ts'

/** Every collector of the exporter. */
export function modulesOf(known: Known, watched: Watched): readonly Module<unknown, MetricTable>[] {
  return [waiting(known), left(known), self(known), watchModule('pending_pod', watched)]
}
