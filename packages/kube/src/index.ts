// SPDX-License-Identifier: Apache-2.0

export {
  type Cluster,
  type ClusterOptions,
  openCluster,
  type RequestOptions,
} from './client/cluster.ts'
export { type ClusterClock, clusterClock } from './client/cluster-clock.ts'
export { ApiError, type RequestFailure, requestFailures } from './client/failure.ts'
export { type ContextChoice, findContext, processSurroundings, type Surroundings } from './client/find-context.ts'
export { type KubeContext, KubeconfigError } from './client/kubeconfig.ts'
export type { Listed, ListOptions } from './client/pages.ts'
export * from './exporting/cluster-flags.ts'
export { missingCluster } from './exporting/missing-cluster.ts'
export { deletionRequestedAt, type Identity, readIdentity } from './facts/identity.ts'
export { listOf, numberOf, ObjectError, type Raw, rawOf, textOf, timeOf } from './facts/read.ts'
export { contend, type Lease, type LeaseOptions, usualLeaseTimes } from './lease/lease.ts'
export type { LeaseState, LeaseTimes } from './lease/lease-view.ts'
export { type Watched, type WatchMetrics, watchMetrics, watchModule } from './metrics.ts'
export type { ApiObject, ObjectMeta, OwnerReference } from './object.ts'
export * from './schedule/controller.ts'
export { nextTick } from './schedule/next.ts'
export { parseSchedule, type ScheduleZones } from './schedule/parse.ts'
export * from './schedule/schedule.ts'
export * from './schedule/ticks.ts'
export { findZone, type Stretch, type Zone } from './schedule/zone.ts'
export { type ZoneMistake, zoneMistake } from './schedule/zone-name.ts'
export type { Consumer, Parse } from './watch/held-objects.ts'
export { type WatchFailure, watchFailures } from './watch/watch-failure.ts'
export { type KindWatch, type WatchOptions, watchKind } from './watch/watch-kind.ts'
export type { WatchState } from './watch/watch-state.ts'
export { usualWatchTimes, type WatchTimes } from './watch/watch-times.ts'
