// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises'

/** Looks until something is so. Throws with what was waited for when it is too long. */
export async function until(what: string, isSo: () => boolean, boundSeconds = 10): Promise<void> {
  const deadline = performance.now() + boundSeconds * 1000
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`waited ${boundSeconds} s in vain for ${what}`)
    await setTimeout(5)
  }
}
