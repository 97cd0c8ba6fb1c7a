// SPDX-License-Identifier: Apache-2.0
import type { Cause } from './cause.ts'

/** The event that was last heard of a pod. Events get lost, so they colour a cause and are never the ground of one. */
export interface EventHint {
  /** Such as FailedMount. */
  readonly reason: string
  /** In unix seconds. */
  readonly at: number
}

const meanings: Readonly<Record<string, Cause>> = {
  FailedMount: 'volume_mount',
  FailedAttachVolume: 'volume_mount',
  FailedMapVolume: 'volume_mount',
  FailedCreatePodSandBox: 'sandbox_network',
  NetworkNotReady: 'sandbox_network',
  FailedPrepareDynamicResources: 'device_claim',
  Pulling: 'image_pulling',
  Pulled: 'starting',
}

/** What an event says of a pod whose containers are being created; undefined when it says nothing to that. */
export function hintedCause(hint: EventHint | undefined): Cause | undefined {
  return hint !== undefined && Object.hasOwn(meanings, hint.reason) ? meanings[hint.reason] : undefined
}
