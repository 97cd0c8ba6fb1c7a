// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import { makeFolder } from './folder.ts'
import { type RunningServer, startServer } from './process.ts'

/** One answer row of an instant query. */
export interface PrometheusSample {
  readonly metric: Readonly<Record<string, string>>
  /** As the number reads in PromQL. */
  readonly value: string
}

/** One active target as Prometheus sees it. */
export interface PrometheusTarget {
  readonly labels: Readonly<Record<string, string>>
  readonly scrapeUrl: string
  readonly health: 'up' | 'down' | 'unknown'
  /** Empty when the last scrape was fine. */
  readonly lastError: string
}

/** A real Prometheus that scrapes what its config says. */
export interface Prometheus extends RunningServer {
  readonly url: string
  /** Instant query. Throws with Prometheus' own error text. */
  query(expression: string): Promise<PrometheusSample[]>
  targets(): Promise<PrometheusTarget[]>
}

/** Starts a real Prometheus with a config text; its data live in a temporary folder that goes with it. */
export async function startPrometheus(
  binary: string,
  config: string,
  flags: readonly string[] = [],
): Promise<Prometheus> {
  const folder = await makeFolder('prometheus')
  const configFile = await folder.write('prometheus.yml', config)
  const server = await startServer({
    command: binary,
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(folder.path, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      ...flags,
    ],
    // Both lines, in whichever order its goroutines print them.
    ready: /(?=[\s\S]*Server is ready to receive web requests)[\s\S]*msg="?Listening on"? .*address=(127\.0\.0\.1:\d+)/,
    folder,
  })
  const url = `http://${server.readyLine[1]}`
  return Object.assign(server, {
    url,
    async query(expression: string) {
      const { result } = await api<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
        `${url}/api/v1/query?query=${encodeURIComponent(expression)}`,
      )
      return result.map(({ metric, value }) => ({ metric, value: value[1] }))
    },
    async targets() {
      return (await api<{ activeTargets: PrometheusTarget[] }>(`${url}/api/v1/targets?state=active`)).activeTargets
    },
  })
}

async function api<T>(url: string): Promise<T> {
  const reply = await fetch(url)
  const body = (await reply.json()) as { status: string; data: T; error?: string }
  if (body.status !== 'success') throw new Error(`${url}: ${body.error}`)
  return body.data
}
