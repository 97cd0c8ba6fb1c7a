// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { repositoryRoot } from './find.ts'
import { runOrThrow } from './process.ts'

/** Our packages as a user of npm gets them. */
export interface Published {
  /** The command line that runs the program, without arguments. */
  readonly command: readonly [string, ...string[]]
  remove(): Promise<void>
}

/**
 * Builds and packs the packages and unpacks them side by side. The folder lies in the checkout, so that what they depend
 * on is found in its node_modules. Throws with npm's output when a step fails.
 */
export async function publish(): Promise<Published> {
  const parent = join(repositoryRoot, '.servers')
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, 'published-'))
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    await unpackInto(folder)
  } catch (error) {
    await remove()
    throw error
  }
  const program = join(folder, 'node_modules', 'leadline', 'bin', 'leadline.js')
  return { command: [process.execPath, program], remove }
}

async function unpackInto(folder: string): Promise<void> {
  await npm('run', 'build', '--workspaces')
  await npm('pack', '--workspaces', `--pack-destination=${folder}`)
  for (const name of await packageNames()) {
    const place = join(folder, 'node_modules', name)
    await mkdir(place, { recursive: true })
    const file = (await readdir(folder)).find((entry) =>
      entry.startsWith(`${name.replace(/^@/, '').replace('/', '-')}-`),
    )
    await runOrThrow('tar', [
      '-xzf',
      join(folder, file ?? `no package of ${name}`),
      '-C',
      place,
      '--strip-components=1',
    ])
  }
}

/** tap puts its hooks into the NODE_OPTIONS of whatever a test spawns, and the compiler does not start with them. */
function npm(...args: readonly string[]): Promise<void> {
  return runOrThrow('env', ['-u', 'NODE_OPTIONS', 'npm', ...args], repositoryRoot)
}

async function packageNames(): Promise<string[]> {
  const { workspaces = [] } = await readManifest('')
  return Promise.all(workspaces.map(async (path) => (await readManifest(path)).name))
}

async function readManifest(path: string): Promise<{ readonly name: string; readonly workspaces?: string[] }> {
  return JSON.parse(await readFile(join(repositoryRoot, path, 'package.json'), 'utf8')) as { name: string }
}
