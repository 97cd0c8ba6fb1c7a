// SPDX-License-Identifier: Apache-2.0
// Installs what package-lock.json names when node_modules is missing or older. Plain JavaScript: it runs on the Node
// that the machine brings, before the pinned one is there.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const installedLock = join(root, 'node_modules', '.package-lock.json')
const pinnedNode = join(root, 'node_modules', 'node', 'bin', 'node')

function isInstalled() {
  const installed = statSync(installedLock, { throwIfNoEntry: false })
  return installed !== undefined && installed.mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
}

/** Not `npm ci`: it refuses a lock file written where the registry lacks the binaries of some other platform. With
 * --no-save the lock file is followed and left as it is. npm's output goes to stderr, so that what a script prints on
 * stdout stays its own. */
function install() {
  process.stderr.write('leadline: installing dependencies (once)\n')
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  return spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] })
}

/** What is wrong after the installation, with its mend; undefined when all is well. */
function problemAfter({ error, status }) {
  if (error) return `npm could not start: ${error.message}`
  if (status !== 0) return `npm install ended with code ${status}; its output above says why`
  if (existsSync(pinnedNode)) return undefined
  return 'the npm package "node" brought no binary; were install scripts refused? Try: npm rebuild node'
}

if (!isInstalled()) {
  const problem = problemAfter(install())
  if (problem) {
    process.stderr.write(`leadline: ${problem}\n`)
    process.exitCode = 1
  } else {
    // npm leaves this file as it is when nothing was to be done.
    const now = new Date()
    utimesSync(installedLock, now, now)
  }
}
