// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import {
  defineFlags,
  FlagError,
  helpText,
  parseFlags,
  type RunIo,
  type RunningExporter,
  startExporter,
} from '@leadline/kit'
import { type SuiteExporter, suite } from './exporters.ts'

const flags = defineFlags({
  host: { type: 'string', absent: '127.0.0.1', help: 'Address that every exporter listens on, each at its own port.' },
  'log.level': {
    type: 'string',
    words: ['debug', 'info', 'warn', 'error'],
    absent: 'warn',
    help: 'Only log at this level and above. One of: debug, info, warn, error.',
  },
})

const description =
  'Starts every exporter of the suite whose subject is there, each with its built-in config, until SIGINT or SIGTERM.'

/** `leadline up`: the whole suite in one process; resolves to the exit code. */
export async function up(io: RunIo): Promise<number> {
  try {
    const { values, asks } = parseFlags(flags, io.argv)
    if (asks !== undefined) {
      io.stdout.write(helpText('leadline up', description, [{ title: 'Flags', flags }]))
      return 0
    }
    return await serve(io, values.host, values['log.level'])
  } catch (error) {
    if (!(error instanceof FlagError)) throw error
    io.stderr.write(`leadline up: error: ${error.message}, try --help\n`)
    return 1
  }
}

async function serve(io: RunIo, host: string, logLevel: string): Promise<number> {
  const stop = Promise.race([
    once(io.signals as NodeJS.EventEmitter, 'SIGTERM'),
    once(io.signals as NodeJS.EventEmitter, 'SIGINT'),
  ])
  const running: RunningExporter[] = []
  for (const member of suite) {
    const started = await start(member, io, host, logLevel)
    if (started === undefined) continue
    running.push(started)
    io.stdout.write(announcement(member, started))
  }
  if (running.length === 0) return 1
  await stop
  await Promise.all(running.map((one) => one.close()))
  return 0
}

/** Starts one exporter; undefined when it can't serve, which is told in one line and leaves the others running. */
async function start(
  member: SuiteExporter,
  io: RunIo,
  host: string,
  logLevel: string,
): Promise<RunningExporter | undefined> {
  const { exporter, missing } = await member.load()
  const lack = await missing?.()
  if (lack !== undefined) {
    io.stdout.write(`${exporter.name.padEnd(12)} ${lack}\n`)
    return undefined
  }
  const address = `${host.includes(':') ? `[${host}]` : host}:${exporter.port}`
  const argv = [`--web.listen-address=${address}`, `--log.level=${logLevel}`]
  try {
    return await startExporter(exporter, { ...io, argv })
  } catch (error) {
    const mend = `see what listens there, or run it elsewhere: leadline ${exporter.name} --web.listen-address=127.0.0.1:0`
    io.stderr.write(`leadline up: ${exporter.name} did not start: ${(error as Error).message}; ${mend}\n`)
    return undefined
  }
}

function announcement({ name, firstRequest }: SuiteExporter, { url, addresses }: RunningExporter): string {
  const [address] = addresses
  return `${name.padEnd(12)} ${url}\n  try: curl '${url}${firstRequest(address?.text ?? '')}'\n`
}
