// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { InputError } from '../io.ts'

/** Largest file, in bytes: some thousand CronJobs. */
export const mostBytes = 8 * 1024 * 1024

/** A text, and what it is called in messages. */
export interface SourceText {
  readonly file: string
  readonly text: string
}

/** What the operands gave: a file that can't be read does not keep the others from being looked at. */
export interface Sources {
  readonly texts: readonly SourceText[]
  /** Why others could not be read, a line each. */
  readonly unreadable: readonly string[]
}

/**
 * The texts that operands name: files, `-` for stdin, and folders, of which each .yaml, .yml and .json is read however deep,
 * in the order of their names, those apart that begin with a dot. No file is read twice.
 */
export async function readSources(
  operands: readonly string[],
  stdin: () => AsyncIterable<Uint8Array>,
): Promise<Sources> {
  const texts: SourceText[] = []
  const unreadable: string[] = []
  const seen = new Set<string>()
  const told = async <T>(work: Promise<T>): Promise<T | undefined> => {
    try {
      return await work
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      unreadable.push(error.message)
      return undefined
    }
  }
  for (const operand of operands) {
    for (const file of (await told(filesOf(operand))) ?? []) {
      // A folder and a file in it may both be named.
      if (seen.has(resolve(file))) continue
      seen.add(resolve(file))
      const text = await told(readSource(file, stdin))
      if (text !== undefined) texts.push(text)
    }
  }
  return { texts, unreadable }
}

async function filesOf(operand: string): Promise<string[]> {
  if (operand === '-' || !(await attempt(operand, stat(operand))).isDirectory()) return [operand]
  const entries = await attempt(operand, readdir(operand, { recursive: true, withFileTypes: true }))
  const paths = entries
    .filter((entry) => /\.(ya?ml|json)$/.test(entry.name) && !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(operand, path).split(sep).some(isHidden))
  if (paths.length === 0) throw new InputError(`${operand}: no .yaml, .yml or .json file in this folder`)
  return paths.toSorted()
}

function isHidden(name: string): boolean {
  return name.startsWith('.')
}

async function readSource(operand: string, stdin: () => AsyncIterable<Uint8Array>): Promise<SourceText> {
  const [file, chunks] = operand === '-' ? ['stdin', stdin()] : [operand, createReadStream(operand)]
  return { file, text: decode(file, await attempt(file, bounded(file, chunks as AsyncIterable<Uint8Array>))) }
}

async function bounded(file: string, chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const kept: Uint8Array[] = []
  let size = 0
  for await (const chunk of chunks) {
    size += chunk.length
    if (size > mostBytes) throw new InputError(`${file}: longer than ${mostBytes / 1024 / 1024} MiB; split it`)
    kept.push(chunk)
  }
  return Buffer.concat(kept, size)
}

function decode(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new InputError(`${file}: not UTF-8 text; save it as UTF-8`)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'may not be read by this user',
  EISDIR: 'is a folder',
}

async function attempt<T>(file: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof InputError) throw error
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new InputError(`${file}: ${reasons[code] ?? message}`)
  }
}
