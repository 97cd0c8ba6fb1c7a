// SPDX-License-Identifier: Apache-2.0
import {
  buildInfo,
  FlagError,
  type FlagTable,
  helpText,
  nearest,
  type ParsedFlags,
  parseFlags,
  systemClock,
  versionText,
} from '@leadline/kit'
import { type CommandIo, exitCodes, InputError } from './io.ts'
import { lintCommand } from './lint/command.ts'
import { nextCommand } from './next/command.ts'
import { renderCommand } from './render/command.ts'

/** One of the commands below `leadline cronjobs`. */
export interface Subcommand<F extends FlagTable = FlagTable> {
  /** Its word and operands. */
  readonly usage: string
  /** One sentence for the list of commands. */
  readonly summary: string
  readonly description: string
  readonly flags: F
  /** Resolves to the exit code. Throws FlagError for a wrong command line, InputError for a file that can't be read. */
  run(parsed: ParsedFlags<F>, io: CommandIo): Promise<number>
}

const subcommands: Readonly<Record<string, Subcommand>> = {
  render: renderCommand,
  lint: lintCommand,
  next: nextCommand,
}

/** What `leadline cronjobs` is given; without a clock, the machine's. */
export interface CronjobsIo extends Omit<CommandIo, 'clock'>, Partial<Pick<CommandIo, 'clock'>> {
  /** The command line after `cronjobs`. */
  readonly argv: readonly string[]
}

/** Runs `leadline cronjobs`; resolves to the exit code: 0 fine, 1 something is to be mended, 2 wrong use. */
export async function runCronjobs(io: CronjobsIo): Promise<number> {
  const [word, ...argv] = io.argv
  if (word === undefined || ['--help', '-h', 'help'].includes(word)) {
    io.stdout.write(overview())
    return exitCodes.fine
  }
  if (word === '--version') return printVersion(io)
  const command = Object.hasOwn(subcommands, word) ? subcommands[word] : undefined
  if (command === undefined) {
    io.stderr.write(`leadline cronjobs: error: ${unknownText(word)}, try --help\n`)
    return exitCodes.unusable
  }
  return runSubcommand(word, command, argv, { clock: systemClock, ...io })
}

async function runSubcommand(
  word: string,
  command: Subcommand,
  argv: readonly string[],
  io: CommandIo,
): Promise<number> {
  try {
    const parsed = parseFlags(command.flags, argv, { takesOperands: true })
    if (parsed.asks === 'version') return printVersion(io)
    if (parsed.asks === undefined) return await command.run(parsed, io)
    const groups = [{ title: 'Flags', flags: command.flags }]
    io.stdout.write(helpText(`leadline cronjobs ${command.usage}`, command.description, groups))
    return exitCodes.fine
  } catch (error) {
    if (!(error instanceof FlagError || error instanceof InputError)) throw error
    const hint = error instanceof FlagError ? ', try --help' : ''
    io.stderr.write(`leadline cronjobs ${word}: error: ${error.message}${hint}\n`)
    return exitCodes.unusable
  }
}

function printVersion(io: Pick<CommandIo, 'stdout'>): number {
  io.stdout.write(versionText('leadline', buildInfo))
  return exitCodes.fine
}

function overview(): string {
  return [
    'usage: leadline cronjobs <command> [<flags>]',
    '',
    'Writes and checks CronJobs before they are applied. Asks no cluster.',
    '',
    'Commands:',
    ...Object.entries(subcommands).map(([name, { summary }]) => `  ${name.padEnd(8)}${summary}`),
    '',
    'leadline cronjobs <command> --help shows the flags of a command.',
    '',
  ].join('\n')
}

function unknownText(word: string): string {
  const isFlag = word.startsWith('-')
  const near = nearest(word, isFlag ? ['--help', '--version'] : Object.keys(subcommands))
  const hint = near === undefined ? '' : `, did you mean ${near}?`
  return isFlag ? `unknown flag ${word}${hint}` : `unknown command "${word}"${hint}`
}
