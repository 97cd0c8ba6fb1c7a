// SPDX-License-Identifier: Apache-2.0
import { defineFlags, FlagError, type FlagValues, nearest, type ParsedFlags } from '@leadline/kit'
import type { Subcommand } from '../command.ts'
import { readDeclarations } from '../input/declarations.ts'
import { readSources } from '../input/files.ts'
import { type CommandIo, exitCodes } from '../io.ts'
import { readInstant } from '../schedule/local-time.ts'
import { usualMostStarts } from './check-load.ts'
import type { Finding } from './finding.ts'
import { lint } from './lint.ts'
import { formats, report } from './report.ts'
import { ruleNames, rules, type Severity, severities } from './rules.ts'
import type { Window } from './starts.ts'

const flags = defineFlags({
  format: {
    type: 'string',
    words: formats,
    absent: 'text',
    help: 'How findings are written. One of: text, json, github.',
  },
  'fail-on': {
    type: 'string',
    words: severities,
    absent: 'error',
    help: 'Exit with 1 when there is a finding of this severity or a worse one. One of: error, warning, info.',
  },
  disable: {
    type: 'string',
    many: true,
    absent: [],
    placeholder: 'rule',
    help: 'Leave out a rule. May be given several times.',
  },
  'max-starts': {
    type: 'uint',
    absent: usualMostStarts,
    help: 'Most runs that are to start in one minute. The stock controller manager gets some 290 done, and has other work.',
  },
  window: { type: 'duration', absent: 86_400, help: 'Time in which runs are counted: from 1m to 31 days (744h).' },
  from: {
    type: 'string',
    absent: '',
    placeholder: 'time',
    help: 'Where that time begins (RFC 3339). Without it, the next midnight in UTC.',
  },
  histogram: { type: 'bool', absent: true, help: 'End the text with the runs of each minute.' },
})

/** `leadline cronjobs lint`. */
export const lintCommand: Subcommand<typeof flags> = {
  usage: 'lint <file|folder>...',
  summary: 'Finds what makes runs late or lost, in job files and in CronJobs.',
  description:
    'Looks through job files and the CronJobs of manifests (YAML or JSON; - is stdin, folders ' +
    'are read with all below them). Exits with 0 when nothing is found, 1 when something is, ' +
    '2 when a file can not be read.',
  flags,
  run: runLint,
}

async function runLint({ values, operands }: ParsedFlags<typeof flags>, io: CommandIo): Promise<number> {
  if (operands.length === 0) throw new FlagError('name a file or a folder, or - for stdin')
  const isEnabled = enabled(values)
  const options = {
    format: values.format,
    histogram: values.histogram,
    mostStarts: values['max-starts'],
    window: windowOf(values, io.clock.unix()),
  }
  const { texts, unreadable } = await readSources(operands, io.stdin)
  const linted = lint(readDeclarations(texts), options)
  const findings = linted.findings.filter(isEnabled)
  io.stdout.write(report({ ...linted, findings }, options))
  for (const line of unreadable) io.stderr.write(`leadline cronjobs lint: error: ${line}\n`)
  if (unreadable.length > 0) return exitCodes.unusable
  const worst = new Set<Severity>(severities.slice(0, severities.indexOf(values['fail-on']) + 1))
  return findings.some(({ rule }) => worst.has(rules[rule].severity)) ? exitCodes.findings : exitCodes.fine
}

function enabled({ disable }: FlagValues<typeof flags>): (finding: Finding) => boolean {
  for (const name of disable) {
    if (Object.hasOwn(rules, name)) continue
    const near = nearest(name, ruleNames)
    throw new FlagError(`flag --disable: no rule "${name}"${near === undefined ? '' : `, did you mean ${near}?`}`)
  }
  return ({ rule }) => !disable.includes(rule)
}

const mostSeconds = 31 * 86_400

function windowOf({ window, from }: FlagValues<typeof flags>, nowSeconds: number): Window {
  if (window < 60 || window > mostSeconds) throw new FlagError('flag --window wants 1m to 744h')
  // A lint that says something else each minute is no test; the day after this one stays the same for a day.
  const midnight = Math.ceil(nowSeconds / 86_400) * 86_400
  const at = from === '' ? midnight : readInstant(from)
  if (at === undefined) throw new FlagError(`flag --from wants a time such as 2026-11-22T00:00:00Z, not "${from}"`)
  return { fromSeconds: Math.floor(at / 60) * 60, minutes: Math.floor(window / 60) }
}
