// SPDX-License-Identifier: Apache-2.0
import { buildInfo, nearest, type RunIo, runExporter, versionText } from '@leadline/kit'
import { suite } from './exporters.ts'
import { up } from './up.ts'

/** What the command is given. */
export interface CliIo extends RunIo {
  /** Without it, standard input is empty. */
  readonly stdin?: () => AsyncIterable<Uint8Array>
}

/** Runs the `leadline` command; resolves to the exit code. Never rejects. */
export async function runCli(io: CliIo): Promise<number> {
  const [command, ...argv] = io.argv
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
    io.stdout.write(await helpText())
    return 0
  }
  if (command === '--version' || command === 'version') {
    io.stdout.write(versionText('leadline', buildInfo))
    return 0
  }
  if (command === 'up') return up({ ...io, argv })
  if (command === 'cronjobs') {
    const { runCronjobs } = await import('@leadline/cronjobs')
    return runCronjobs({ stdin: nothing, ...io, argv })
  }
  const found = suite.find(({ name }) => name === command)
  if (found !== undefined) return runExporter((await found.load()).exporter, { ...io, argv })
  io.stderr.write(`leadline: error: ${unknownText(command)}, try --help\n`)
  return 1
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function helpText(): Promise<string> {
  const loaded = await Promise.all(suite.map((member) => member.load()))
  const rows = loaded.map(
    ({ exporter }) => `  ${exporter.name.padEnd(12)}${exporter.description} Port ${exporter.port}.`,
  )
  return [
    'usage: leadline <command> [<flags>]',
    '',
    'Prometheus exporters that sound what a Kubernetes cluster does not tell by itself.',
    '',
    'Commands:',
    `  ${'up'.padEnd(12)}Starts every exporter on loopback and prints what runs where.`,
    ...rows,
    `  ${'cronjobs'.padEnd(12)}Writes CronJobs from short job files, and checks them before they are applied.`,
    '',
    'leadline <command> --help shows the flags of a command; leadline --version the version.',
    '',
  ].join('\n')
}

function unknownText(word: string): string {
  const kind = word.startsWith('-') ? 'flag' : 'command'
  const names = kind === 'flag' ? ['--help', '--version'] : ['up', 'cronjobs', 'help', ...suite.map(({ name }) => name)]
  const near = nearest(word, names)
  return `unknown ${kind} ${kind === 'flag' ? word : `"${word}"`}${near === undefined ? '' : `, did you mean ${near}?`}`
}
