// SPDX-License-Identifier: Apache-2.0
import type { Admin } from '../../../kube/test/control-plane/admin.ts'

/** What a test says of a CronJob; what is absent is as Kubernetes has it, and its pods end after a second. */
export interface CronJobPlan {
  readonly namespace?: string
  readonly schedule?: string
  readonly annotations?: Readonly<Record<string, string>>
  /** Of its pods: what becomes of them, as the fake kubelet takes it. */
  readonly podAnnotations?: Readonly<Record<string, string>>
  /** Further fields of `spec`, of the Job's `spec` and of the pod's. */
  readonly spec?: Readonly<Record<string, unknown>>
  readonly jobSpec?: Readonly<Record<string, unknown>>
  readonly podSpec?: Readonly<Record<string, unknown>>
}

/** The `spec` of a pod with one container. */
export const oneContainer = {
  restartPolicy: 'Never',
  containers: [{ name: 'main', image: 'example.invalid/none:1' }],
} as const

/** The manifest of a CronJob that is due each minute unless told otherwise. */
export function cronJobManifest(name: string, plan: CronJobPlan = {}): object {
  const { schedule = '* * * * *', annotations = {}, podAnnotations = {}, spec = {}, jobSpec = {}, podSpec = {} } = plan
  const pod = { ...oneContainer, ...podSpec }
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, annotations },
    spec: {
      schedule,
      ...spec,
      jobTemplate: { spec: { template: { metadata: { annotations: podAnnotations }, spec: pod }, ...jobSpec } },
    },
  }
}

/** Path of the CronJobs of a namespace, or of one of them. */
export function cronJobPath(name = '', namespace = 'default'): string {
  return `/apis/batch/v1/namespaces/${namespace}/cronjobs${name && `/${name}`}`
}

/** Path of the Jobs of a namespace, or of one of them. */
export function jobPath(name = '', namespace = 'default'): string {
  return `/apis/batch/v1/namespaces/${namespace}/jobs${name && `/${name}`}`
}

/** Makes a CronJob. */
export async function makeCronJob(admin: Admin, name: string, plan: CronJobPlan = {}): Promise<void> {
  await admin.create(cronJobPath('', plan.namespace), cronJobManifest(name, plan))
}
