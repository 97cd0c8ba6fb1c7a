// SPDX-License-Identifier: Apache-2.0
import { type RunningServer, startServer } from './process.ts'

/** An exporter that listens on a free loopback port. */
export interface Exporter extends RunningServer {
  /** Without a slash at the end. */
  readonly url: string
}

/** How to start an exporter. */
export interface ExporterOptions {
  readonly configFile: string
  readonly flags?: readonly string[]
  /** Paths in the config file are relative to this folder. */
  readonly cwd?: string
}

/** Starts the real blackbox_exporter. Throws with its output when it does not come up. */
export async function startPeer(binary: string, { configFile, flags = [], cwd }: ExporterOptions): Promise<Exporter> {
  const server = await startServer({
    command: binary,
    args: [`--config.file=${configFile}`, '--web.listen-address=127.0.0.1:0', ...flags],
    ready: /"Listening on" address=(127\.0\.0\.1:\d+)/,
    ...(cwd && { cwd }),
  })
  return Object.assign(server, { url: `http://${server.readyLine[1]}` })
}
