// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A temporary folder for the config and data of one server. */
export interface Folder {
  readonly path: string
  /** Writes a file into the folder and gives its path. */
  write(name: string, content: string): Promise<string>
  remove(): Promise<void>
}

/** Linux's file system in memory, and how much of it must be free: etcd reserves 128 MB for each member. */
const memory = '/dev/shm'
const leastMemoryBytes = 4 * 2 ** 30

/** Makes a new temporary folder. */
export function makeFolder(name: string): Promise<Folder> {
  return folderIn(tmpdir(), name)
}

/**
 * Makes a new temporary folder in memory where that can be had: for servers whose fsyncs a test slows down itself, so
 * that it does not see those of this machine's disk.
 */
export async function makeMemoryFolder(name: string): Promise<Folder> {
  return folderIn((await freeBytes(memory)) >= leastMemoryBytes ? memory : tmpdir(), name)
}

async function folderIn(parent: string, name: string): Promise<Folder> {
  const path = await mkdtemp(join(parent, `leadline-${name}-`))
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

/** What is free for us in a file system; 0 where there is none. */
async function freeBytes(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch {
    return 0
  }
}
