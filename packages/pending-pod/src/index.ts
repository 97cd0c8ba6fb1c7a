// SPDX-License-Identifier: Apache-2.0

export { type PendingPodConfig, pendingPodConfig } from './config.ts'
export { pendingPod } from './exporter.ts'
