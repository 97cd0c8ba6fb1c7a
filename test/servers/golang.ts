// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { findOnPath, type ServerName } from './find.ts'
import { makeFolder } from './folder.ts'
import { runOrThrow, runToEnd } from './process.ts'
import type { ServerRow } from './table.ts'

/** Programs of one Go module at one version. */
export interface GoPrograms {
  /** Folder in the cache; holds the version, so that another version is another folder. */
  readonly folder: string
  readonly module: string
  readonly version: string
  /** Name to the package below the module; empty for the module's own. */
  readonly programs: Readonly<Partial<Record<ServerName, string>>>
  /** Version at which the modules are published that this one replaces by folders of its own, as Kubernetes does. */
  readonly stagingVersion?: string
  /** For `go build -ldflags`, as what the program says of its version. */
  readonly ldflags?: string
}

/** Builds programs of a Go module by way of a throw-away module that requires it, since `go install` refuses modules
 * that hold replace directives. */
export function goPrograms(from: GoPrograms): ServerRow['bring'] {
  return async (cache) => {
    const home = join(cache, from.folder)
    for (const [name, path] of Object.entries(from.programs)) {
      if (!existsSync(join(home, name))) await build(from, posix.join(from.module, path), join(home, name))
    }
    return Object.fromEntries(Object.keys(from.programs).map((name) => [name, join(home, name)]))
  }
}

async function build(from: GoPrograms, program: string, executable: string): Promise<void> {
  const go = findOnPath('go')
  if (!go) throw new Error('needs Go 1.25 or newer on PATH to build it (https://go.dev/doc/install)')
  const folder = await makeFolder('go')
  const module = `${from.module}@${from.version}`
  try {
    await runOrThrow(go, ['mod', 'init', 'servers'], folder.path)
    if (from.stagingVersion !== undefined) await replaceStaging(go, module, from.stagingVersion, folder.path)
    // Without a version of its own, a package means that of the newest module, whatever else is asked for.
    await runOrThrow(go, ['get', `${program}@${from.version}`], folder.path)
    const flags = from.ldflags === undefined ? [] : ['-ldflags', from.ldflags]
    await runOrThrow(go, ['build', '-trimpath', ...flags, '-o', 'built', program], folder.path)
    await mkdir(join(executable, '..'), { recursive: true })
    // Renamed into place: an interrupted build leaves nothing that looks whole.
    await runOrThrow('cp', ['built', `${executable}.part`], folder.path)
    await rename(`${executable}.part`, executable)
  } finally {
    await folder.remove()
    await rm(`${executable}.part`, { force: true })
  }
}

interface GoMod {
  readonly Replace:
    | readonly { readonly Old: { readonly Path: string }; readonly New: { readonly Path: string } }[]
    | null
}

/** Points what a module replaces by its own folders to the published modules; only the main module's replacements count. */
async function replaceStaging(go: string, module: string, version: string, cwd: string): Promise<void> {
  const { GoMod: file } = (await json(go, ['mod', 'download', '-json', module], cwd)) as { readonly GoMod: string }
  const { Replace } = (await json(go, ['mod', 'edit', '-json', file], cwd)) as GoMod
  const staged = (Replace ?? []).filter(({ New }) => New.Path.startsWith('./')).map(({ Old }) => Old.Path)
  await runOrThrow(go, ['mod', 'edit', ...staged.map((path) => `-replace=${path}=${path}@${version}`)], cwd)
}

async function json(command: string, args: readonly string[], cwd: string): Promise<unknown> {
  const { stdout, stderr } = await runToEnd(command, args, { cwd })
  try {
    return JSON.parse(stdout)
  } catch {
    throw new Error(`${command} ${args.join(' ')}: ${stderr.trim()}`)
  }
}
