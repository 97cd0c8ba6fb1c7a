// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { blackbox } from '@leadline/blackbox'
import { startExporter } from '@leadline/kit'
import type { Test } from 'tap'

/** A blackbox exporter in this process, on a port of its own, until the test ends. */
export interface TestExporter {
  readonly url: string
  /** Log lines so far. */
  readonly log: readonly string[]
  /** Asks for a path with a query; the scrape timeout is 2 s unless a header says otherwise. */
  readonly get: (path: string, query?: Readonly<Record<string, string>>, init?: RequestInit) => Promise<Response>
  /** The samples of a probe, as `name{labels}` to value. */
  readonly probe: (
    query: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Samples>
  /** Writes another config, which counts after a reload. */
  readonly writeConfig: (yaml: string) => void
}

export type Samples = Readonly<Record<string, number>>

/** Starts the exporter with a config. */
export async function startTestExporter(t: Test, yaml: string, flags: readonly string[] = []): Promise<TestExporter> {
  const file = join(t.testdir(), 'blackbox.yml')
  const writeConfig = (text: string): void => writeFileSync(file, text)
  writeConfig(yaml)
  const log: string[] = []
  const argv = [`--config.file=${file}`, '--web.listen-address=127.0.0.1:0', ...flags]
  const running = await startExporter(blackbox, { argv, stderr: { write: (line: string) => log.push(line) } })
  t.teardown(() => running.close())
  const get = (path: string, query: Readonly<Record<string, string>> = {}, init: RequestInit = {}): Promise<Response> =>
    fetch(`${running.url}${path}?${new URLSearchParams(query).toString()}`, { redirect: 'manual', ...init })
  return {
    url: running.url,
    log,
    get,
    writeConfig,
    async probe(query, headers = { 'X-Prometheus-Scrape-Timeout-Seconds': '2' }) {
      const reply = await get('probe', query, { headers })
      return parseSamples(await reply.text())
    },
  }
}

/** The sample lines of an exposition in text form. */
export function parseSamples(text: string): Samples {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}
