// SPDX-License-Identifier: Apache-2.0

/** Lines of a CronJob that lint finds nothing in; a value of undefined takes the line out. */
export interface ManifestLines {
  readonly name?: string
  readonly namespace?: string
  readonly schedule?: string
  readonly timeZone?: string | undefined
  readonly concurrencyPolicy?: string | undefined
  readonly startingDeadlineSeconds?: string | undefined
  readonly successfulJobsHistoryLimit?: string
  readonly failedJobsHistoryLimit?: string
  readonly suspend?: string
  readonly activeDeadlineSeconds?: string | undefined
  readonly restartPolicy?: string | undefined
}

const right: ManifestLines = {
  name: 'report',
  schedule: '"23 12 * * *"',
  timeZone: 'Etc/UTC',
  concurrencyPolicy: 'Forbid',
  startingDeadlineSeconds: '1200',
  activeDeadlineSeconds: '3600',
  restartPolicy: 'Never',
}

/** A CronJob as YAML that differs in some lines from one that lint finds nothing in. */
export function manifest(lines: ManifestLines): string {
  const { name, namespace, activeDeadlineSeconds, restartPolicy, ...spec } = { ...right, ...lines }
  return [
    'apiVersion: batch/v1',
    'kind: CronJob',
    'metadata:',
    ...line(2, 'name', name),
    ...line(2, 'namespace', namespace),
    'spec:',
    ...Object.entries(spec).flatMap(([key, value]) => line(2, key, value)),
    '  jobTemplate:',
    '    spec:',
    ...line(6, 'activeDeadlineSeconds', activeDeadlineSeconds),
    '      template:',
    '        spec:',
    ...line(10, 'restartPolicy', restartPolicy),
    '          containers: [{ name: main, image: none }]',
    '',
  ].join('\n')
}

function line(indent: number, key: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${' '.repeat(indent)}${key}: ${value}`]
}

/** A job that lint finds nothing in, with more lines. */
export function job(...lines: readonly string[]): string {
  return ['name: report', 'schedule: "23 12 * * *"', 'image: none', ...lines, ''].join('\n')
}
