// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { repositoryRoot } from './find.ts'
import type { Exporter, ExporterOptions } from './peer.ts'
import { startServer } from './process.ts'

/** The command line that runs our program as users do, without arguments. */
export const leadlineCommand: readonly [string, ...string[]] = [
  process.execPath,
  join(repositoryRoot, 'packages', 'cli', 'bin', 'leadline.js'),
]

/** How our exporter is started. */
export interface LeadlineOptions extends Partial<ExporterOptions> {
  /** The command line that runs the program; the checkout's by default. */
  readonly program?: readonly [string, ...string[]]
}

/** Starts our blackbox exporter as users run it; without a config file, on its built-in config. Throws with its output
 * when it does not come up. */
export async function startLeadline(options: LeadlineOptions = {}): Promise<Exporter> {
  const { configFile, flags = [], cwd, program = leadlineCommand } = options
  const [command, ...args] = program
  const config = configFile === undefined ? [] : [`--config.file=${configFile}`]
  const server = await startServer({
    command,
    args: [...args, 'blackbox', '--web.listen-address=127.0.0.1:0', ...config, ...flags],
    ready: /Listening on"? .*address=(127\.0\.0\.1:\d+)/,
    ...(cwd && { cwd }),
  })
  return Object.assign(server, { url: `http://${server.readyLine[1]}` })
}
