// SPDX-License-Identifier: Apache-2.0
import { runCli } from './cli.ts'

const { stdout, stderr, argv } = process
process.exit(await runCli({ argv: argv.slice(2), stdout, stderr, signals: process }))
