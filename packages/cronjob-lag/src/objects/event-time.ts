// SPDX-License-Identifier: Apache-2.0
import { type Raw, rawOf, timeOf } from '@leadline/kube'

/** When an event happened last, in unix seconds; undefined when it does not tell. */
export function lastTimeOf(event: Raw): number | undefined {
  return timeOf(rawOf(event['series'])['lastObservedTime']) ?? timeOf(event['lastTimestamp']) ?? onlyTimeOf(event)
}

/** When an event happened first, in unix seconds; undefined when it does not tell. */
export function firstTimeOf(event: Raw): number | undefined {
  return timeOf(event['firstTimestamp']) ?? onlyTimeOf(event)
}

function onlyTimeOf(event: Raw): number | undefined {
  return timeOf(event['eventTime']) ?? timeOf(rawOf(event['metadata'])['creationTimestamp'])
}
