// SPDX-License-Identifier: Apache-2.0
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { makeFolder } from '../../../test/servers/folder.ts'
import { runCronjobs } from '../src/index.ts'

/** What a command line gave. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Noon on a Saturday; the day that lint looks at is the Sunday after. */
const nowSeconds = Date.parse('2026-11-21T12:00:00Z') / 1000

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

/** Runs `leadline cronjobs` in this process, at a fixed time, with `input` on stdin. */
export async function run(argv: readonly string[], input = ''): Promise<Ran> {
  let stdout = ''
  let stderr = ''
  const code = await runCronjobs({
    argv,
    stdin: () => chunks(input),
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    clock: { unix: () => nowSeconds },
  })
  return { code, stdout, stderr }
}

/** The lines that lint prints for a text, without the picture of the load. */
export async function lintLines(input: string, ...flags: readonly string[]): Promise<string[]> {
  const { stdout } = await run(['lint', '-', '--no-histogram', ...flags], input)
  return stdout.split('\n').filter((line) => line !== '')
}

/** The rules that fire for a text, in the order of the findings. */
export async function firing(input: string, ...flags: readonly string[]): Promise<string[]> {
  const lines = await lintLines(input, ...flags)
  return lines.map((line) => /\(([a-z-]+)\)$/.exec(line)?.[1] ?? line)
}

/** A folder of files that is removed with the test; gives its path. */
export async function folderOf(t: Test, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await makeFolder('cronjobs')
  t.teardown(() => folder.remove())
  for (const [name, content] of Object.entries(files)) await writeInto(join(folder.path, name), content)
  return folder.path
}

async function writeInto(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}
