// SPDX-License-Identifier: Apache-2.0
import { defineFlags, FlagError, type ParsedFlags } from '@leadline/kit'
import { parseSchedule } from '@leadline/kube'
import type { Subcommand } from '../command.ts'
import { readDeclarations } from '../input/declarations.ts'
import { readSources } from '../input/files.ts'
import { type CommandIo, exitCodes, InputError } from '../io.ts'
import { problemText } from '../lint/check-schedule.ts'
import { findingLine } from '../lint/finding.ts'
import { readInstant } from '../schedule/local-time.ts'
import { runsText } from './runs-text.ts'

const flags = defineFlags({
  'time-zone': {
    type: 'string',
    absent: 'Etc/UTC',
    help: 'Zone whose clocks the schedule means, by its IANA name. In files, for those that name none.',
  },
  count: { type: 'uint', absent: 5, help: 'Runs to print, 1 to 1000.' },
  from: {
    type: 'string',
    absent: '',
    placeholder: 'time',
    help: 'Print runs after this time (RFC 3339). Without it, now.',
  },
})

/** `leadline cronjobs next`. */
export const nextCommand: Subcommand<typeof flags> = {
  usage: 'next <schedule>|<file>',
  summary: 'Prints the coming runs of a schedule, and what changes of the clocks do to them.',
  description:
    'Prints the coming runs of a schedule as Kubernetes starts them, or of each job and CronJob ' +
    'of a file (- is stdin): on the clocks of its zone, and in UTC. What Kubernetes refuses ' +
    'is told with its mend, and the exit code is 1.',
  flags,
  run: runNext,
}

/** A schedule to be told of. */
interface Asked {
  readonly text: string
  readonly timeZone: string
  /** What goes before the schedule in the heading. */
  readonly name: string
}

async function runNext({ values, operands }: ParsedFlags<typeof flags>, io: CommandIo): Promise<number> {
  const [operand, ...others] = operands
  if (operand === undefined || others.length > 0) throw new FlagError('give one schedule, in quotes, or one file')
  if (values.count < 1 || values.count > 1000) throw new FlagError('flag --count wants 1 to 1000')
  const fromSeconds = values.from === '' ? io.clock.unix() : readInstant(values.from)
  if (fromSeconds === undefined) {
    throw new FlagError(`flag --from wants a time such as 2026-11-22T00:00:00Z, not "${values.from}"`)
  }
  const asked = isSchedule(operand)
    ? [{ text: operand, timeZone: values['time-zone'], name: '' }]
    : await askedByFile(operand, values['time-zone'], io)
  if (asked === undefined) return exitCodes.findings
  const answers = asked.map((one) => tell(one, fromSeconds, values.count, io))
  return answers.every(Boolean) ? exitCodes.fine : exitCodes.findings
}

/** A path has no blank in it, and a schedule without one begins with `@`. */
function isSchedule(operand: string): boolean {
  return operand === '' || /^@|\s|^(CRON_)?TZ=/.test(operand)
}

/** The schedules of a file; undefined after its mistakes were told. */
async function askedByFile(operand: string, timeZone: string, io: CommandIo): Promise<Asked[] | undefined> {
  const { texts, unreadable } = await readSources([operand], io.stdin)
  if (unreadable.length > 0) {
    throw new InputError(`${unreadable.join('; ')} (a schedule has five fields in quotes, or begins with @)`)
  }
  const { declared, findings } = readDeclarations(texts)
  for (const finding of findings) io.stderr.write(`${findingLine(finding)}\n`)
  if (findings.length > 0) return undefined
  return declared.map((one) => ({
    text: one.schedule.value,
    timeZone: one.timeZone.value ?? timeZone,
    name: `${one.name.value}: `,
  }))
}

/** Prints the runs of a schedule, or why it has none; gives whether it has. */
function tell({ text, timeZone, name }: Asked, fromSeconds: number, count: number, io: CommandIo): boolean {
  const { schedule, problem, refusedOnCreate } = parseSchedule(text, { timeZone })
  const refusal = problem ?? refusedOnCreate
  if (schedule === undefined || refusal !== undefined) {
    const wrong = refusal?.field === 'timeZone' ? timeZone : text
    const why = refusal === undefined ? '' : problemText(wrong, refusal)
    io.stderr.write(`leadline cronjobs next: error: ${name}${why}\n`)
    return false
  }
  const runs = runsText(schedule, fromSeconds, count)
  if (runs === undefined) {
    const message = `${JSON.stringify(text)} does not come in the next five years; see the day of the month and the month`
    io.stderr.write(`leadline cronjobs next: error: ${name}${message}\n`)
    return false
  }
  io.stdout.write(`${name}${text}${runs}`)
  return true
}
