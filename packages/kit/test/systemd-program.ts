// SPDX-License-Identifier: Apache-2.0
import { runExporter } from '@leadline/kit'
import { makeToy } from './toy.ts'

const argv = ['--web.systemd-socket', '--web.external-url=http://bb.example/bb']
process.exit(await runExporter(makeToy(), { argv, stdout: process.stdout, stderr: process.stderr, signals: process }))
