// SPDX-License-Identifier: Apache-2.0
import { defineFlags, FlagError, type FlagValues } from '@leadline/kit'
import { clusterFlags, placeOf } from '@leadline/kube'
import { cronJobLagConfig, rollUps } from './config.ts'

const { absent } = cronJobLagConfig

/** Flags of the exporter; those that begin with `cronjob.` stand for a config file. */
export const flags = defineFlags({
  ...clusterFlags,
  'cronjob.objective': {
    type: 'duration',
    absent: absent.objective,
    help: 'How long after its due time a run may start and still be on time.',
  },
  'cronjob.controller-time-zone': {
    type: 'string',
    absent: absent.controller_time_zone,
    help: 'Zone of the kube-controller-manager, in which CronJobs without spec.timeZone run.',
  },
  'cronjob.roll-up': {
    type: 'string',
    words: rollUps,
    absent: absent.roll_up,
    help: 'What has series of its own: cronjob, namespace, or auto (each CronJob, until there are more than 2000).',
  },
  'watch.events': {
    type: 'bool',
    absent: true,
    help: 'Watch events, which tell that a Job or pod was refused, and when an image was there.',
  },
  'state.file': {
    type: 'string',
    absent: '',
    placeholder: 'file',
    help: 'File in which what was counted outlives a restart; without it and the next, a restart begins anew.',
  },
  'state.config-map': {
    type: 'string',
    absent: '',
    placeholder: 'namespace/name',
    help: 'ConfigMap for the same, made when there is none.',
  },
  lease: {
    type: 'string',
    absent: '',
    placeholder: 'namespace/name',
    help: 'Lease by which one of several replicas is the active one; needs --state.config-map.',
  },
})

type Values = FlagValues<typeof flags>

/** The config that flags come to, as YAML; undefined when none of them is given. */
export function configOf(values: Values): string | undefined {
  const given = {
    objective: [values['cronjob.objective'], absent.objective],
    controller_time_zone: [values['cronjob.controller-time-zone'], absent.controller_time_zone],
    roll_up: [values['cronjob.roll-up'], absent.roll_up],
  }
  if (Object.values(given).every(([value, usual]) => value === usual)) return undefined
  const lines = Object.entries(given).map(([key, [value]]) => [key, key === 'objective' ? `${value}s` : value])
  return JSON.stringify(Object.fromEntries(lines), undefined, 1)
}

/** Throws FlagError for places that are none, and for flags that do not go together. */
export function checkFlags(values: Values): void {
  placeOf('state.config-map', values['state.config-map'])
  placeOf('lease', values.lease)
  if (values['state.file'] !== '' && values['state.config-map'] !== '') {
    throw new FlagError('flags --state.file and --state.config-map: the state is kept in one place, give one of them')
  }
  if (values.lease !== '' && values['state.config-map'] === '') {
    throw new FlagError(
      'flag --lease: whoever becomes active goes on from what the other has counted; give --state.config-map',
    )
  }
}
