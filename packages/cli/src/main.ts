// SPDX-License-Identifier: Apache-2.0
import { runCli } from './cli.ts'

const { stdout, stderr, argv } = process
const stdin = () => process.stdin
process.exit(await runCli({ argv: argv.slice(2), stdin, stdout, stderr, signals: process }))
