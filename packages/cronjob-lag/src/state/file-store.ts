// SPDX-License-Identifier: Apache-2.0
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf } from '@leadline/kit'
import { decodeState, encodeState } from './encoding.ts'
import { StateError, type StateStore } from './store.ts'

/**
 * Keeps the state in a file, gzipped JSON that only its owner can read. It is written beside it first, as `<path>.new`, so
 * that a crash or a full disk leaves the old one. One that can't be read is kept as `<path>.unreadable`.
 */
export function fileStore(path: string): StateStore {
  const place = `file ${path}`
  /** Whether what lies there can't be read; undefined before it was looked at. */
  let isUnreadable: boolean | undefined

  async function load(): Promise<unknown> {
    const bytes = await tried(place, 'read', path, () => readRegular(path))
    const decoded = bytes === undefined ? { state: undefined } : await decodeState(bytes)
    isUnreadable = 'mistake' in decoded
    if (!('mistake' in decoded)) return decoded.state
    throw new StateError(
      'unreadable',
      `${place}: the state can't be read: ${decoded.mistake}; put a good copy in its place, or move it away to begin anew`,
    )
  }

  async function save(state: unknown): Promise<number> {
    if (isUnreadable === undefined) {
      await load().catch((error: unknown) => {
        if (!isUnreadable) throw error
      })
    }
    const bytes = await encodeState(state)
    await tried(place, 'written', path, async () => {
      await writeDurably(`${path}.new`, bytes)
      if (isUnreadable) await rename(path, `${path}.unreadable`)
      isUnreadable = false
      await rename(`${path}.new`, path)
      await syncFolder(dirname(path))
    })
    return bytes.length
  }

  return { place, load, save }
}

/** Undefined when there is none. Anything but a file would be replaced by the first save. */
async function readRegular(path: string): Promise<Buffer | undefined> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    return undefined
  })
  if (found === undefined) {
    await stat(dirname(path))
    return undefined
  }
  if (!found.isFile()) throw new Error('it is not a regular file')
  return readFile(path)
}

async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  // One may be left from a crash, with whatever mode.
  await rm(path, { force: true })
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

/** Without it a rename may be undone by a loss of power. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } catch (error) {
    // Some file systems have no such call for folders.
    if (!['EINVAL', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  } finally {
    await folder.close()
  }
}

async function tried<T>(place: string, verb: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const mend = mendOf((cause as NodeJS.ErrnoException).code ?? '', dirname(path))
    throw new StateError('place', `${place}: can't be ${verb}: ${messageOf(cause)}${mend}`, { cause })
  }
}

function mendOf(code: string, folder: string): string {
  if (code === 'ENOENT') return `; make the folder ${folder}`
  if (code === 'EACCES' || code === 'EPERM') return `; let user ${process.getuid?.() ?? ''} write in ${folder}`
  if (code === 'EROFS') return `; ${folder} is read-only: mount a volume there`
  return code === 'ENOSPC' || code === 'EDQUOT' ? `; make room in ${folder}` : ''
}
