// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { findOnPath, type ServerName } from './find.ts'
import { makeFolder } from './folder.ts'
import { runOrThrow } from './process.ts'
import type { ServerRow } from './table.ts'

/** Programs of one Go module at one version. */
export interface GoPrograms {
  /** Folder in the cache; holds the version, so that another version is another folder. */
  readonly folder: string
  readonly module: string
  readonly version: string
  /** Name to the package below the module; empty for the module's own. */
  readonly programs: Readonly<Partial<Record<ServerName, string>>>
}

/** Builds programs of a Go module by way of a throw-away module that requires it, since `go install` refuses modules
 * that hold replace directives. */
export function goPrograms({ folder, module, version, programs }: GoPrograms): ServerRow['bring'] {
  return async (cache) => {
    const home = join(cache, folder)
    for (const [name, path] of Object.entries(programs)) {
      if (!existsSync(join(home, name))) await build(posix.join(module, path), `${module}@${version}`, join(home, name))
    }
    return Object.fromEntries(Object.keys(programs).map((name) => [name, join(home, name)]))
  }
}

async function build(program: string, module: string, executable: string): Promise<void> {
  const go = findOnPath('go')
  if (!go) throw new Error('needs Go 1.25 or newer on PATH to build it (https://go.dev/doc/install)')
  const folder = await makeFolder('go')
  try {
    await runOrThrow(go, ['mod', 'init', 'servers'], folder.path)
    // Without a version, the module's own package would mean that of the newest one.
    const isRoot = module.startsWith(`${program}@`)
    await runOrThrow(go, ['get', module, ...(isRoot ? [] : [program])], folder.path)
    await runOrThrow(go, ['build', '-trimpath', '-o', 'built', program], folder.path)
    await mkdir(join(executable, '..'), { recursive: true })
    // Renamed into place: an interrupted build leaves nothing that looks whole.
    await runOrThrow('cp', ['built', `${executable}.part`], folder.path)
    await rename(`${executable}.part`, executable)
  } finally {
    await folder.remove()
    await rm(`${executable}.part`, { force: true })
  }
}
