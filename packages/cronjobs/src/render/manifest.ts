// SPDX-License-Identifier: Apache-2.0
import type { EnvValue } from '../job/env-shape.ts'
import { shortDuration } from '../job/seconds.ts'
import { deadlineSecondsOf, type Job, objectiveAnnotation } from '../job/shape.ts'

/** A part of a manifest as plain data; keys that are undefined are left out when it is printed. */
type Plain = Readonly<Record<string, unknown>>

/** The CronJob (batch/v1) of a job. */
export function cronJobOf(job: Job): Plain {
  const labels = { 'app.kubernetes.io/name': job.name, ...Object.fromEntries(job.labels) }
  const annotations = Object.fromEntries(job.annotations)
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: {
      name: job.name,
      namespace: job.namespace || undefined,
      labels,
      annotations: { [objectiveAnnotation]: shortDuration(job.objective), ...annotations },
    },
    spec: {
      schedule: job.schedule,
      timeZone: job.time_zone,
      concurrencyPolicy: job.concurrency,
      startingDeadlineSeconds: deadlineSecondsOf(job),
      // Left out unless set, so that applying the file again does not resume what was suspended by hand.
      suspend: job.suspend,
      successfulJobsHistoryLimit: job.history.succeeded,
      failedJobsHistoryLimit: job.history.failed,
      jobTemplate: { metadata: { labels }, spec: jobSpecOf(job, labels, annotations) },
    },
  }
}

function jobSpecOf(job: Job, labels: Plain, annotations: Plain): Plain {
  return {
    backoffLimit: job.retries,
    activeDeadlineSeconds: job.timeout,
    // A pod that the cluster took away is replaced, and not counted as a retry. Wants restartPolicy Never.
    podFailurePolicy: {
      rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
    },
    template: {
      metadata: { labels, annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false', ...annotations } },
      spec: {
        restartPolicy: 'Never',
        serviceAccountName: job.service_account || undefined,
        containers: [containerOf(job)],
      },
    },
  }
}

function containerOf({ image, command, args, env, resources }: Job): Plain {
  const { cpu, cpu_limit, memory, memory_limit } = resources
  return {
    name: 'job',
    image,
    command: typeof command === 'string' ? ['/bin/sh', '-ec', unexpanded(command)] : command,
    args: args.length === 0 ? undefined : args,
    env: env.size === 0 ? undefined : Array.from(env, ([name, value]) => ({ name, ...envSource(value) })),
    resources: {
      requests: { cpu, memory },
      limits: { cpu: cpu_limit || undefined, memory: memory_limit || memory },
    },
  }
}

/** Kubernetes puts values in place of `$(NAME)`, which means something else to a shell, and makes one `$` of two. */
function unexpanded(command: string): string {
  return command.replaceAll(/\$(?=[$(])/g, '$$$$')
}

function envSource(value: EnvValue): Plain {
  if (typeof value === 'string') return { value }
  return { valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } }
}
