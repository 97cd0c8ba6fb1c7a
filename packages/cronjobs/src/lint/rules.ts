// SPDX-License-Identifier: Apache-2.0

/** How much a finding matters, the worst first. */
export const severities = ['error', 'warning', 'info'] as const

/** One of `severities`. */
export type Severity = (typeof severities)[number]

/** What a rule of lint is about. */
export interface Rule {
  readonly severity: Severity
  /** What it finds, and why that matters. */
  readonly meaning: string
}

/** Every rule of lint. */
export const rules = {
  yaml: {
    severity: 'error',
    meaning: 'The text is no YAML, or has a key twice. Nothing else of the file is looked at.',
  },
  'job-file': {
    severity: 'error',
    meaning: 'A job has a key that is not known, lacks one, or has a value of the wrong kind.',
  },
  manifest: { severity: 'error', meaning: 'A CronJob lacks what it needs, or has a value of the wrong kind.' },
  'name-form': {
    severity: 'error',
    meaning: 'The name is not made of lower-case letters, digits, "-" and ".": Kubernetes refuses it.',
  },
  'name-length': {
    severity: 'error',
    meaning:
      'The name is longer than 52 characters, so that the names of its Jobs would not fit: Kubernetes refuses it.',
  },
  'name-unique': {
    severity: 'error',
    meaning: 'Two CronJobs of one namespace have the same name: the one applied last takes the place of the other.',
  },
  schedule: { severity: 'error', meaning: 'Kubernetes refuses the schedule.' },
  'schedule-zone': {
    severity: 'error',
    meaning: 'The schedule has `TZ=` or `CRON_TZ=` in it: Kubernetes refuses that in new CronJobs.',
  },
  'schedule-never': {
    severity: 'error',
    meaning: 'The schedule is taken, but no time of the next five years matches it.',
  },
  'name-clash': {
    severity: 'error',
    meaning:
      '`@every` with less than a minute: Jobs are named by the minute, so that all runs of a ' +
      'minute but one are lost without a trace.',
  },
  'time-zone-unknown': {
    severity: 'error',
    meaning: 'The zone is no IANA name in its exact letters: Kubernetes refuses it.',
  },
  'time-zone-missing': {
    severity: 'warning',
    meaning: "There is no `timeZone`: the clock is kube-controller-manager's own, and moves with it.",
  },
  'clock-change': {
    severity: 'info',
    meaning:
      'Within a year clocks are put forward past a run, which then does not come, or back before one, which then comes twice.',
  },
  'starting-deadline-missing': {
    severity: 'warning',
    meaning:
      'There is no `startingDeadlineSeconds`: after an outage, and after a suspension, the newest ' +
      'missed run is started however late.',
  },
  'starting-deadline-short': {
    severity: 'error',
    meaning:
      '`startingDeadlineSeconds` below 10: a run that the controller is a moment late for is lost without a trace.',
  },
  'concurrency-missing': { severity: 'warning', meaning: 'There is no `concurrencyPolicy`: runs overlap (Allow).' },
  'concurrency-unknown': {
    severity: 'error',
    meaning: '`concurrencyPolicy` is not Allow, Forbid or Replace: Kubernetes refuses it.',
  },
  'forbid-without-timeout': {
    severity: 'warning',
    meaning: 'Forbid without `activeDeadlineSeconds`: a pod that never starts blocks all runs to come.',
  },
  'history-zero': {
    severity: 'warning',
    meaning: 'A history limit is 0: nothing is left to prove when a run started and how it ended.',
  },
  'restart-policy': {
    severity: 'error',
    meaning: '`restartPolicy` is not Never or OnFailure: Kubernetes refuses it in Jobs, and it is Always unless set.',
  },
  suspended: { severity: 'info', meaning: 'The CronJob is suspended: no run is started.' },
  'busy-minute': { severity: 'warning', meaning: 'More runs start within one minute than `--max-starts`.' },
  'full-hour': {
    severity: 'warning',
    meaning:
      'More CronJobs than `--max-starts` start at minute 0 of some hour: each further one, and those of others, pile up there.',
  },
} as const satisfies Readonly<Record<string, Rule>>

/** Name of a rule. */
export type RuleName = keyof typeof rules

/** All names of rules. */
export const ruleNames = Object.keys(rules) as readonly RuleName[]
