// SPDX-License-Identifier: Apache-2.0
import { keepTickShape } from './tick-shape.ts'

keepTickShape()

const { stdout, stderr, argv } = process
const stdin = () => process.stdin
const { runCli } = await import('./cli.ts')
process.exit(await runCli({ argv: argv.slice(2), stdin, stdout, stderr, signals: process }))
