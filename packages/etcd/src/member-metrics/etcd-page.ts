// SPDX-License-Identifier: Apache-2.0
import { messageOf } from '@leadline/kit'
import { type HttpReader, PageError } from '../http-reader.ts'
import { tlsText } from '../rpc/failure.ts'
import { wantedNames } from './families.ts'
import { type ParsedMetrics, parseMetrics } from './text-format.ts'

/** Bytes of a page at most; with `--metrics=extensive` and nine members etcd's has some 0.4 MB. */
const maxBytes = 4_194_304

const elsewhere =
  'with --listen-metrics-urls or --listen-client-http-urls etcd has its metrics elsewhere: configure that address'

/** A member's metrics page, and its time when it gave it. */
export interface EtcdPage {
  readonly metrics: ParsedMetrics
  /** Whole unix seconds by the member's clock; undefined when it does not tell. */
  readonly dateAt: number | undefined
}

/** Reads a member's metrics page. Rejects with PageError, which says where, what and how to mend it. */
export async function readEtcdPage(reader: HttpReader, url: URL): Promise<EtcdPage> {
  const { text, dateAt } = await reader.read(url, maxBytes).catch((error: PageError) => {
    if (error.status !== undefined)
      throw new PageError(`${error.message}; ${elsewhere}`, error.status, { cause: error })
    const trouble = tlsText(error.cause as NodeJS.ErrnoException)
    throw trouble === undefined ? error : new PageError(`GET ${url.href}: ${trouble}`, undefined, { cause: error })
  })
  const metrics = parsed(text, url)
  if (Array.from(metrics.keys()).some((name) => name.startsWith('etcd_'))) return { metrics, dateAt }
  throw new PageError(`GET ${url.href}: no metrics of etcd on the page; ${elsewhere}`)
}

function parsed(text: string, url: URL): ParsedMetrics {
  try {
    return parseMetrics(text, wantedNames)
  } catch (error) {
    throw new PageError(`GET ${url.href}: ${messageOf(error)}`, undefined, { cause: error })
  }
}
