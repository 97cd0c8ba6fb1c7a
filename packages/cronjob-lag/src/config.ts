// SPDX-License-Identifier: Apache-2.0
import { duration, type Infer, object, oneOf, text } from '@leadline/kit'
import { zoneMistake } from '@leadline/kube'

/** How runs are told: for each CronJob; for each namespace; for each CronJob as long as there are not too many. */
export const rollUps = ['auto', 'cronjob', 'namespace'] as const

/** The shape of a config file. */
export const cronJobLagConfig = object(
  'What the cronjob-lag exporter goes by.',
  {
    objective: duration(
      'How long after its due time a run may start and still be on time; an annotation leadline.dev/objective of a ' +
        'CronJob or of its namespace goes before.',
      1200,
    ),
    controller_time_zone: text(
      "Zone of the kube-controller-manager, for CronJobs without spec.timeZone, since the API doesn't tell it; an " +
        'annotation leadline.dev/controller-time-zone of a CronJob or of its namespace goes before.',
      { absent: 'UTC', check: controllerZoneMistake },
    ),
    roll_up: oneOf(
      'What has series of its own: cronjob (each CronJob), namespace (sums over each namespace), auto (each CronJob, ' +
        'until there are more than 2000).',
      rollUps,
      'auto',
    ),
  },
  {
    check({ objective }, node) {
      if (objective < 1 || objective > 86_400) node.at('objective').fail('out of range: least 1s, most 24h')
    },
  },
)

/** A whole config file. */
export type CronJobLagConfig = Infer<typeof cronJobLagConfig>

/** Most CronJobs that have series of their own under roll_up: auto. */
export const mostOwnSeries = 2000

function controllerZoneMistake(zone: string): string | undefined {
  const mistake = zoneMistake(zone)
  if (mistake === undefined) return undefined
  const { message, suggestion = 'Europe/Berlin' } = mistake
  return `"${zone}": ${message}; write a name such as ${suggestion}`
}
