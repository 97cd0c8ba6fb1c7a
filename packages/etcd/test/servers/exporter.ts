// SPDX-License-Identifier: Apache-2.0
import type { Test } from 'tap'
import { makeFolder } from '../../../../test/servers/folder.ts'
import { leadlineCommand } from '../../../../test/servers/leadline.ts'
import { type RunningServer, startServer } from '../../../../test/servers/process.ts'
import type { Cluster } from './cluster.ts'
import { type Page, readPage } from './page.ts'
import { until } from './until.ts'

/** Between two pages; making them keeps the exporter busy. */
const pauseSeconds = 0.2

/** Our exporter as users run it, watching a cluster. */
export interface Exporter extends RunningServer {
  /** Its metrics page of now. Throws when that takes longer than a second, as it never may. */
  page(): Promise<Page>
  /** Waits until the page is so, asked for again and again, and gives it. Throws with what it was last after the bound. */
  shows(what: string, boundSeconds: number, isSo: (page: Page) => boolean): Promise<Page>
  /** From now on, has each page read that is so throw. */
  never(what: string, isSo: (page: Page) => boolean): void
}

/** Starts the exporter on all members of a cluster, with more keys for the cluster's config. Resolves when each member has
 * been sounded in each way. */
export async function startExporter(
  t: Test,
  cluster: Pick<Cluster, 'members'>,
  config: Readonly<Record<string, unknown>> = {},
): Promise<Exporter> {
  const endpoints = cluster.members.map(({ clientUrl }) => clientUrl)
  const exporter = await startUnsounded(t, endpoints, config)
  const ways = config['canary'] === 'off' ? 3 : 4
  await exporter.shows(
    'the first soundings',
    10,
    (page) => page.count('etcd_endpoint_sounding_recent_max_seconds') >= endpoints.length * ways,
  )
  exporter.never('a collector failed', ({ text }) => /^etcd_scrape_collector_success\{.*\} 0$/m.test(text))
  return exporter
}

/** Starts the exporter on endpoints where no sounding need succeed. Resolves when it serves its page. */
export async function startUnsounded(
  t: Test,
  endpoints: readonly string[],
  config: Readonly<Record<string, unknown>> = {},
): Promise<Exporter> {
  const folder = await makeFolder('etcd-exporter')
  const clusters = [{ name: 'lab', endpoints, members_interval: '1s', ...config }]
  const file = await folder.write('etcd.yml', JSON.stringify({ clusters }))
  const [command, ...args] = leadlineCommand
  const server = await startServer({
    command,
    args: [...args, 'etcd', '--web.listen-address=127.0.0.1:0', `--config.file=${file}`],
    ready: /Listening on"? .*address=(127\.0\.0\.1:\d+)/,
    folder,
  })
  t.teardown(() => server.stop())
  const nevers: { readonly what: string; readonly isSo: (page: Page) => boolean }[] = []
  const exporter = Object.assign(server, {
    async page() {
      const reply = await fetch(`http://${server.readyLine[1]}/metrics`, { signal: AbortSignal.timeout(1000) })
      const page = readPage(await reply.text())
      const broken = nevers.find(({ isSo }) => isSo(page))
      if (broken) throw new Error(`${broken.what}; ${accountOf(page, server.output())}`)
      return page
    },
    async shows(what: string, boundSeconds: number, isSo: (page: Page) => boolean) {
      let last: Page | undefined
      const look = async (): Promise<Page | undefined> => {
        last = undefined
        last = await exporter.page()
        return isSo(last) ? last : undefined
      }
      try {
        return await until(what, look, boundSeconds, pauseSeconds)
      } catch (error) {
        if (last === undefined) throw error
        throw new Error(`${(error as Error).message}; ${accountOf(last, server.output())}`, { cause: error })
      }
    },
    never(what: string, isSo: (page: Page) => boolean) {
      nevers.push({ what, isSo })
    },
  })
  return exporter
}

/** What a page says in single numbers other than 0, and what the exporter has warned of, for a reader of a failure. */
function accountOf({ text }: Page, output: string): string {
  const warnings = output.split('\n').filter((line) => /level=(WARN|ERROR)/.test(line))
  return `the page was\n${text.split('\n').filter(isTelling).join('\n')}\nand the log\n${warnings.join('\n')}`
}

function isTelling(line: string): boolean {
  return /^etcd_(cluster|endpoint|exporter)_/.test(line) && !/_(bucket|sum|count)\{| 0$/.test(line)
}
