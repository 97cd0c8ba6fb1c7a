// SPDX-License-Identifier: Apache-2.0
import type { Exporter } from '../../../../test/servers/exporter.ts'
import type { Page } from '../../../../test/servers/page.ts'

/** How old a page may be for those who wait for it. */
const freshSeconds = 0.5

/** Has all who wait for something on the page of an exporter read it together, so that they don't keep it busy. */
export function readTogether(exporter: Exporter): void {
  const read = exporter.page.bind(exporter)
  let asked: { readonly at: number; readonly page: Promise<Page> } | undefined
  exporter.page = () => {
    const now = performance.now() / 1000
    if (asked === undefined || now - asked.at > freshSeconds) asked = { at: now, page: read() }
    return asked.page
  }
}
