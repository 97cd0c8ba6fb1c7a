// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from '../servers/find.ts'

/** The scrape config that README.md shows. Throws when there is not exactly one. */
export async function readmeScrapeConfig(): Promise<string> {
  const text = await readFile(join(repositoryRoot, 'README.md'), 'utf8')
  const blocks = [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = '']) => block)
  const [config, ...others] = blocks.filter((block) => block.startsWith('scrape_configs:'))
  if (config === undefined || others.length > 0) throw new Error('README.md wants one yaml block with scrape_configs')
  return config
}
