// SPDX-License-Identifier: Apache-2.0
// `npm run servers`: links every real server into .servers/bin, bringing those that are not on the machine yet.
import { mkdir, rename, symlink } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { serversBin } from './find.ts'
import { type ServerRow, servers } from './table.ts'

const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'leadline', 'servers')

/** Brings one row and gives the reason when that failed. */
async function bring({ title, bring: bringRow }: ServerRow): Promise<string | undefined> {
  const startedAt = performance.now()
  try {
    for (const [name, path] of Object.entries(await bringRow(cache))) {
      await link(path, join(serversBin, name))
      console.log(`${title}: ${join('.servers', 'bin', name)} -> ${path} (${seconds(startedAt)})`)
    }
    return undefined
  } catch (error) {
    return `${title}: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Replaces a link in one step, so that a test that runs meanwhile finds the old or the new one. */
async function link(path: string, at: string): Promise<void> {
  const next = `${at}.${process.pid}`
  await symlink(path, next)
  await rename(next, at)
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`
}

const rows = servers.values()
const failures: string[] = []

async function bringInTurn(): Promise<void> {
  for (const row of rows) {
    const failure = await bring(row)
    if (failure) failures.push(failure)
  }
}

await mkdir(serversBin, { recursive: true })
// Two at a time: while one is fetched, another is compiled.
await Promise.all([bringInTurn(), bringInTurn()])
for (const failure of failures) console.error(`missing: ${failure}`)
if (failures.length > 0) process.exitCode = 1
