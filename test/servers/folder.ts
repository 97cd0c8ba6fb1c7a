// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A temporary folder for the config and data of one server. */
export interface Folder {
  readonly path: string
  /** Writes a file into the folder and gives its path. */
  write(name: string, content: string): Promise<string>
  remove(): Promise<void>
}

/** Makes a new temporary folder. */
export async function makeFolder(name: string): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), `leadline-${name}-`))
  return {
    path,
    async write(file, content) {
      const full = join(path, file)
      await writeFile(full, content)
      return full
    },
    remove: () => rm(path, { recursive: true, force: true }),
  }
}
