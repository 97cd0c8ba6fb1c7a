// SPDX-License-Identifier: Apache-2.0
// `npm test [-- file ...]`: runs tap, then names what was skipped, with the command that brings it, and counts.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const outputFile = join(root, '.tap', 'output.tap')

/** The skipped tests of a TAP stream, each with its file and reason; files may be subtests of one that runs them. */
function skippedTests(lines) {
  const skipped = []
  let file = ''
  for (const line of lines) {
    file = /^ *# Subtest: (\S+\.test\.ts)$/.exec(line)?.[1] ?? file
    const [, name, reason] = /^ *ok \d+(?: - (.*?))? # SKIP ?(.*)$/.exec(line) ?? []
    if (reason !== undefined) skipped.push({ file, name, reason })
  }
  return skipped
}

/** The totals that tap prints last, as in `# { total: 4, pass: 2, skip: 2 }`; a count of zero is left out there. */
function totals(lines) {
  const last = lines.findLast((line) => line.startsWith('# { total: '))
  if (last === undefined) throw new Error('tap ended without its totals')
  const count = (key) => Number(new RegExp(`\\b${key}: (\\d+)`).exec(last)?.[1] ?? 0)
  return { pass: count('pass'), fail: count('fail'), skip: count('skip') }
}

function report(lines) {
  const skipped = skippedTests(lines)
  if (skipped.length > 0) console.log('\nSkipped:')
  for (const { file, name, reason } of skipped) console.log(`  ${file}: ${name} (${reason || 'no reason given'})`)
  if (skipped.some(({ reason }) => reason.endsWith('npm run servers'))) {
    console.log('Bring the servers that are missing with: npm run servers')
  }
  const { pass, fail, skip } = totals(lines)
  console.log(`${pass} passed, ${fail} failed${skip > 0 ? `, ${skip} skipped` : ''}`)
}

mkdirSync(dirname(outputFile), { recursive: true })
rmSync(outputFile, { force: true })
const tap = join(root, 'node_modules', '.bin', 'tap')
// tap's own reporters redraw the screen; into a log they would print every state, or all of the stream. With a reporter
// that is a program, --output-file would print all of the stream as well, so that ours writes the file.
const logReporter = [join(root, 'scripts', 'tap-reporter.mjs'), outputFile]
const output = process.stdout.isTTY
  ? [`--output-file=${outputFile}`]
  : ['--reporter=node', ...logReporter.map((argument) => `--reporter-arg=${argument}`)]
const args = [...output, ...process.argv.slice(2)]
const { status, error } = spawnSync(tap, args, { cwd: root, stdio: 'inherit' })
if (error) throw error
report(readFileSync(outputFile, 'utf8').split('\n'))
process.exitCode = status ?? 1
