// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { findOnPath, type ServerName } from './find.ts'
import { runOrThrow, runToEnd } from './process.ts'
import type { ServerRow } from './table.ts'

/** A program of a Debian package. */
export interface DebianProgram {
  readonly name: ServerName
  readonly packages: readonly string[]
  /** Where the package puts it. */
  readonly executable: string
  /** Makes it print its version and end, which proves that it starts. */
  readonly versionFlag: string
}

/** Takes a program that is on the machine already, else installs its package as root, else unpacks it into the cache. */
export function debianProgram(program: DebianProgram): ServerRow['bring'] {
  return async (cache) => ({ [program.name]: onMachine(program) ?? (await inTurn(() => bring(program, cache))) })
}

let last: Promise<unknown> = Promise.resolve()

/** One after another, since apt refuses to do two things at the same time. */
function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const result = last.then(task, task)
  last = result
  return result
}

function onMachine({ name, executable }: DebianProgram): string | undefined {
  return findOnPath(name) ?? findOnPath(basename(executable)) ?? (existsSync(executable) ? executable : undefined)
}

async function bring(program: DebianProgram, cache: string): Promise<string> {
  if (!findOnPath('apt-get'))
    throw new Error(`needs ${program.name} on PATH; Debian has it in ${program.packages.join(', ')}`)
  if (process.getuid?.() === 0) return install(program)
  return unpack(program, join(cache, program.packages.join('+')))
}

async function install({ packages, executable }: DebianProgram): Promise<string> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const args = ['install', '--yes', '--no-install-recommends', ...packages]
  const { code } = await runToEnd('apt-get', args, { env })
  if (code !== 0) {
    // The lists may be missing or old.
    await runOrThrow('apt-get', ['update'])
    await runOrThrow('apt-get', args, undefined, env)
  }
  return executable
}

/** Without root the package is only unpacked, which does when the libraries it needs are on the machine. */
async function unpack({ packages, executable, versionFlag }: DebianProgram, home: string): Promise<string> {
  const path = join(home, executable)
  if (!existsSync(path)) {
    await mkdir(home, { recursive: true })
    await runOrThrow('apt-get', ['download', ...packages], home)
    const archives = (await readdir(home)).filter((file) => file.endsWith('.deb'))
    for (const archive of archives) await runOrThrow('dpkg', ['-x', archive, '.'], home)
  }
  const { code, stderr } = await runToEnd(path, [versionFlag])
  if (code === 0) return path
  throw new Error(`unpacked, but does not start (${stderr.trim()}); try as root: apt-get install ${packages.join(' ')}`)
}
