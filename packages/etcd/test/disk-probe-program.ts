// SPDX-License-Identifier: Apache-2.0
// A program with a disk probe of the directory of its argument, for tests that end it. Prints what is logged.
import { formatRecord, RecordingLogger, systemClock } from '@leadline/kit'
import { makeDiskProbe } from '../src/disk-probe/disk-probe.ts'

const log = new RecordingLogger('debug', systemClock.unix, (record) => console.log(formatRecord(record)))
makeDiskProbe({ clock: systemClock, log }).configure({ directory: process.argv[2] ?? '', interval: 0.1 })
// As the server of an exporter does, this keeps the process alive.
setInterval(() => {}, 60_000)
