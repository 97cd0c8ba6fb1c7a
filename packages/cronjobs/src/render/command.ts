// SPDX-License-Identifier: Apache-2.0
import { defineFlags, FlagError, type ParsedFlags } from '@leadline/kit'
import type { Subcommand } from '../command.ts'
import type { Declared } from '../declared.ts'
import { type Declarations, readDeclarations } from '../input/declarations.ts'
import { readSources } from '../input/files.ts'
import { type CommandIo, exitCodes } from '../io.ts'
import { type Finding, findingLine } from '../lint/finding.ts'
import { checkDeclared, inOrder } from '../lint/lint.ts'
import { rules } from '../lint/rules.ts'
import { cronJobOf } from './manifest.ts'
import { printManifests } from './print.ts'

const flags = defineFlags({})

/** `leadline cronjobs render`. */
export const renderCommand: Subcommand<typeof flags> = {
  usage: 'render <file|folder>...',
  summary: 'Writes CronJobs from short job files.',
  description:
    'Prints a CronJob (batch/v1) for each job of the job files (YAML or JSON; - is stdin, folders ' +
    'are read with all below them), in their order. With a mistake in any of them it prints ' +
    'none, tells all mistakes on stderr and exits with 1.',
  flags,
  run: runRender,
}

async function runRender({ operands }: ParsedFlags<typeof flags>, io: CommandIo): Promise<number> {
  if (operands.length === 0) throw new FlagError('name a file or a folder, or - for stdin')
  const { texts, unreadable } = await readSources(operands, io.stdin)
  for (const line of unreadable) io.stderr.write(`leadline cronjobs render: error: ${line}\n`)
  if (unreadable.length > 0) return exitCodes.unusable
  const declarations = readDeclarations(texts)
  const mistakes = mistakesIn(declarations, io.clock.unix())
  for (const finding of mistakes) io.stderr.write(`${findingLine(finding)}\n`)
  if (mistakes.length > 0) return exitCodes.findings
  const jobs = declarations.declared.flatMap(({ job }) => job ?? [])
  io.stdout.write(printManifests(jobs.map(cronJobOf)))
  return exitCodes.fine
}

/** Everything that lint calls an error, and manifests, which are not to be rendered. */
function mistakesIn({ declared, findings }: Declarations, nowSeconds: number): Finding[] {
  const errors = [...findings, ...checkDeclared(declared, nowSeconds)].filter(
    ({ rule }) => rules[rule].severity === 'error',
  )
  return inOrder([...errors, ...declared.filter(({ job }) => job === undefined).map(manifestMistake)])
}

function manifestMistake({ name }: Declared): Finding {
  const message = `${JSON.stringify(name.value)} is a CronJob already; render takes job files, lint takes both`
  return { rule: 'job-file', place: name.place, message }
}
