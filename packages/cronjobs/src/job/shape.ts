// SPDX-License-Identifier: Apache-2.0
import { bool, type Infer, integer, list, mapOf, object, oneOf, optional, text } from '@leadline/kit'
import { commandShape } from './command-shape.ts'
import { envShape } from './env-shape.ts'
import { keyMistake, labelKeyMistake, labelValueMistake, longestName, matcher, subdomain } from './names.ts'
import { resourcesShape } from './resources.ts'
import { seconds } from './seconds.ts'

/** Annotation of a CronJob: how late a run of it may start, as a duration such as `20m`. */
export const objectiveAnnotation = 'leadline.dev/objective'

/** Below this a run is lost when the controller is a moment late. */
export const leastDeadlineSeconds = 10

const keptMost = 1000

const history = object(
  'How many finished Jobs are kept. They prove when a run started and how it ended, also to an exporter that was not there.',
  {
    succeeded: integer('Jobs that succeeded.', { absent: 3, least: 0, most: keptMost }),
    failed: integer('Jobs that failed.', { absent: 3, least: 0, most: keptMost }),
  },
)

/** No default is told: absent is neither. */
function suspendShape() {
  const shape = optional(bool('Whether no runs are started. Unless set, it is left as it is in the cluster.'))
  const { default: _, ...schema } = shape.schema
  return { ...shape, schema }
}

const what = {
  name: text('Name of the CronJob.', { schema: { pattern: `^${subdomain}$`, maxLength: longestName } }),
  namespace: text('Its namespace. Unless set, that of `kubectl apply`.', {
    check: matcher('[a-z0-9]([-a-z0-9]*[a-z0-9])?', 'is no name of a namespace', 63),
  }),
  schedule: text('Five cron fields, a descriptor such as @daily, or @every and a duration.'),
  time_zone: text('IANA name of the zone whose clocks the schedule means. Always written into the CronJob.', {
    absent: 'Etc/UTC',
  }),
  image: text('Image of the container.', { check: matcher('\\S+', 'is no name of an image', 4096) }),
  command: commandShape(
    'A text is run by `/bin/sh -ec`, exactly as written; a list is run without a shell, with ' +
      '`$(NAME)` replaced by Kubernetes. Unless set, what the image says.',
  ),
  args: list('Arguments of a command that is a list, or of what the image says.', text('One argument.')),
  env: envShape,
  resources: resourcesShape,
  service_account: text("Service account of the pod. Unless set, the namespace's default.", {
    check: matcher(subdomain, 'is no name of a service account'),
  }),
}

const how = {
  objective: seconds('How late a run may start. The cronjob-lag exporter judges by it.', {
    absent: 1200,
    least: 1,
    most: 86_400,
  }),
  starting_deadline: seconds(
    'How late a run may still be started before it is dropped. Unless set, the objective, or ' +
      '10s when that is less: after an outage the runs that are too late anyhow do not crowd ' +
      'out those that are not. Set it longer for a job that is better late than not at all.',
    { absent: undefined, least: leastDeadlineSeconds },
  ),
  concurrency: oneOf('What happens when the run before is still going.', ['Forbid', 'Allow', 'Replace'], 'Forbid'),
  timeout: seconds(
    'When a run is ended, counted from its Job and not from its container. Without an end a ' +
      'pod that never starts would block all runs to come.',
    { absent: 6 * 3600, least: 1 },
  ),
  retries: integer('How many more pods a run gets when its pod fails. Pods that the cluster took away do not count.', {
    absent: 2,
    least: 0,
    most: 1000,
  }),
  history,
  suspend: suspendShape(),
}

const marks = {
  labels: mapOf('Labels of the CronJob, its Jobs and its pods.', text('Value.', { check: labelValueMistake }), {
    checkName: labelKeyMistake,
  }),
  annotations: mapOf('Annotations of the CronJob and its pods.', text('Value.'), {
    checkName: (key) => (key === objectiveAnnotation ? `${key} is written from objective; set that` : keyMistake(key)),
  }),
}

/** One job of a job file. Its name, schedule and zone are looked at by the rules of lint. */
export const jobShape = object(
  'A job. A file has one, several with `---` between, or a list of them.',
  { ...what, ...how, ...marks },
  {
    required: ['name', 'schedule', 'image'],
    check({ image, command, args }, node) {
      if (image === '') node.at('image').fail('image must be set')
      if (typeof command === 'string' && args.length > 0) {
        node.at('args').fail('a command for the shell takes no args; write the command as a list, or put them into it')
      }
    },
  },
)

/** One job of a job file, with its defaults. */
export type Job = Infer<typeof jobShape>

/** Seconds after which a run of a job is dropped. */
export function deadlineSecondsOf({ starting_deadline, objective }: Job): number {
  return starting_deadline ?? Math.max(objective, leastDeadlineSeconds)
}
