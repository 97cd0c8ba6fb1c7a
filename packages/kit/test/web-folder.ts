// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** A folder with a web config and its files; `put` replaces one as a deployment does, by a rename. */
export async function webFolder(t: Test, files: Readonly<Record<string, string>>) {
  const path = await mkdtemp(join(tmpdir(), 'leadline-web-'))
  t.teardown(() => rm(path, { recursive: true }))
  const put = async (name: string, text: string): Promise<void> => {
    await writeFile(join(path, `${name}.new`), text)
    await rename(join(path, `${name}.new`), join(path, name))
  }
  for (const [name, text] of Object.entries(files)) await put(name, text)
  return { flag: `--web.config.file=${join(path, 'web.yml')}`, put }
}
