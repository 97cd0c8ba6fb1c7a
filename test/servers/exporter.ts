// SPDX-License-Identifier: Apache-2.0
import type { Test } from 'tap'
import type { Folder } from './folder.ts'
import { leadlineCommand } from './leadline.ts'
import { type Page, readPage } from './page.ts'
import { type RunningServer, startServer } from './process.ts'
import { startStopwatch } from './stopwatch.ts'
import { until } from './until.ts'

/** Between two pages; making them keeps the exporter busy. */
const pauseSeconds = 0.2
/** After that a page is given up, however busy the machine is. */
const longestPageSeconds = 30

/** Our exporter as users run it. */
export interface Exporter extends RunningServer {
  /** As `http://127.0.0.1:12345/`. */
  readonly url: string
  /** Its metrics page of now. Throws when that takes longer than it may. */
  page(): Promise<Page>
  /** Waits until the page is so, asked for again and again, and gives it. Throws with what it was last after the bound. */
  shows(what: string, boundSeconds: number, isSo: (page: Page) => boolean): Promise<Page>
  /** From now on, has each page read that is so throw. */
  never(what: string, isSo: (page: Page) => boolean): void
}

/** What to start. */
export interface ExporterStart {
  /** Command word and flags. */
  readonly args: readonly string[]
  /** Where the names of its metrics begin, for the reader of a failure: `etcd_`. */
  readonly prefix: string
  /** Longest that a page may take, in seconds; 5 when absent, since whole control planes share the machine. */
  readonly pageSeconds?: number
  /** Goes with it. */
  readonly folder?: Folder
}

/** Starts `leadline <args>` on a free port of 127.0.0.1 and has it ended with the test. Resolves when it serves its page. */
export async function startLeadline(
  t: Test,
  { args, prefix, pageSeconds = 5, folder }: ExporterStart,
): Promise<Exporter> {
  const [command, ...before] = leadlineCommand
  const server = await startServer({
    command,
    args: [...before, ...args, '--web.listen-address=127.0.0.1:0'],
    ready: /Listening on"? .*address=(127\.0\.0\.1:\d+)/,
    isPreferred: true,
    ...(folder && { folder }),
  })
  t.teardown(() => server.stop())
  const url = `http://${server.readyLine[1]}/`
  const nevers: { readonly what: string; readonly isSo: (page: Page) => boolean }[] = []
  const exporter = Object.assign(server, {
    url,
    async page() {
      const stopwatch = startStopwatch()
      const reply = await fetch(`${url}metrics`, { signal: AbortSignal.timeout(longestPageSeconds * 1000) })
      const page = readPage(await reply.text())
      if (stopwatch.left(pageSeconds) < 0) throw new Error(`the page took ${stopwatch.seconds.toFixed(1)} s`)
      const broken = nevers.find(({ isSo }) => isSo(page))
      if (broken) throw new Error(`${broken.what}; ${accountOf(page, prefix, server.output())}`)
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
        throw new Error(`${(error as Error).message}; ${accountOf(last, prefix, server.output())}`, { cause: error })
      }
    },
    never(what: string, isSo: (page: Page) => boolean) {
      nevers.push({ what, isSo })
    },
  })
  exporter.never('a collector failed', ({ text }) => /^\w+_scrape_collector_success\{.*\} 0$/m.test(text))
  return exporter
}

/** What a page says in single numbers other than 0, and what the exporter has warned of, for a reader of a failure. */
function accountOf({ text }: Page, prefix: string, output: string): string {
  const warnings = output.split('\n').filter((line) => /level=(WARN|ERROR)/.test(line))
  const telling = text
    .split('\n')
    .filter((line) => line.startsWith(prefix) && !/_(bucket|sum|count)\{| 0$|^\w+_scrape_/.test(line))
  return `the page was\n${telling.join('\n')}\nand the log\n${warnings.join('\n')}`
}
