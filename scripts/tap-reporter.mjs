// SPDX-License-Identifier: Apache-2.0
// Reads TAP on stdin, keeps it in the file that its argument names, and prints a line for each test file and all of what
// failed: for logs that nobody watches live.
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'

const copy = createWriteStream(process.argv[2])
const indentOf = (line) => line.length - line.trimStart().length
/** Names of the subtests that are open, by depth: the file, the test, and so on. */
const open = []
/** Indentation of the last failure, while its diagnostics go on. */
let failure

function printFailure(line, indent) {
  const where = open.slice(0, indent / 4).join(' > ')
  console.log(`\n${line.trim()}${where === '' ? '' : `\n  in ${where}`}`)
  failure = indent
}

for await (const line of createInterface({ input: process.stdin })) {
  copy.write(`${line}\n`)
  const indent = indentOf(line)
  const subtest = /^ *# Subtest: (.*)$/.exec(line)?.[1]
  if (subtest !== undefined) open.splice(indent / 4, Infinity, subtest)
  const isPoint = /^ *(not )?ok \d/.test(line)
  if (isPoint || subtest !== undefined) failure = undefined
  // A subtest that failed only repeats what is told of its assertions.
  const isOfSubtest = isPoint && open.length > indent / 4
  if (isPoint && isOfSubtest) open.length = indent / 4
  if (isPoint && !isOfSubtest && line.trimStart().startsWith('not ok')) printFailure(line, indent)
  else if (isPoint && indent === 0) console.log(line)
  else if (failure !== undefined && indent > failure) console.log(line.slice(failure))
}
