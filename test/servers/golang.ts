// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { copyFile, mkdir, rename, rm } from 'node:fs/promises'
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
  /** Build tags, joined by commas, that leave out what no test needs. */
  readonly tags?: string
  /** As what the program says of its version. */
  readonly ldflags?: string
}

/** Builds programs of a Go module by way of a throw-away module that requires it, since `go install` refuses modules
 * that hold replace directives. */
export function goPrograms(from: GoPrograms): ServerRow['bring'] {
  return async (cache) => {
    const home = join(cache, from.folder)
    const executables = Object.keys(from.programs).map((name) => [name, join(home, name)] as const)
    if (!executables.every(([, path]) => existsSync(path))) await build(from, home)
    return Object.fromEntries(executables)
  }
}

/** All programs in one go: what they share is compiled once, and one is linked while others are compiled. */
async function build(from: GoPrograms, home: string): Promise<void> {
  const go = findOnPath('go')
  if (!go) throw new Error('needs Go 1.25 or newer on PATH to build it (https://go.dev/doc/install)')
  const folder = await makeFolder('go')
  const module = `${from.module}@${from.version}`
  const programs = Object.values(from.programs).map((path) => posix.join(from.module, path))
  try {
    await runOrThrow(go, ['mod', 'init', 'servers'], folder.path)
    if (from.stagingVersion !== undefined) await replaceStaging(go, module, from.stagingVersion, folder.path)
    // Without a version of its own, a package means that of the newest module, whatever else is asked for.
    await runOrThrow(go, ['get', ...programs.map((program) => `${program}@${from.version}`)], folder.path)
    await runOrThrow(go, ['build', ...buildFlags(from), '-o', 'built/', ...programs], folder.path)
    await mkdir(home, { recursive: true })
    for (const [name, path] of Object.entries(from.programs)) {
      await place(join(folder.path, 'built', nameOf(posix.join(from.module, path))), join(home, name))
    }
  } finally {
    await folder.remove()
  }
}

/** Without what only debuggers read, which takes a tenth of the time. */
function buildFlags({ tags, ldflags = '' }: GoPrograms): string[] {
  const tagged = tags === undefined ? [] : ['-tags', tags]
  return ['-trimpath', ...tagged, '-gcflags=all=-dwarf=false', '-ldflags', `-s -w ${ldflags}`]
}

/** What go calls the executable of a package: the last part of its path that is not the major version. */
function nameOf(program: string): string {
  return posix.basename(program.replace(/\/v\d+$/, ''))
}

/** Renamed into place: an interrupted copy leaves nothing that looks whole. */
async function place(built: string, executable: string): Promise<void> {
  try {
    await copyFile(built, `${executable}.part`)
    await rename(`${executable}.part`, executable)
  } finally {
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
