// SPDX-License-Identifier: Apache-2.0
// `npm run bench [-- row ...]`: our blackbox exporter beside the peer. Exits 1 when a goal is missed.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeCertificate } from '../servers/certificate.ts'
import { findServer } from '../servers/find.ts'
import { type Folder, makeFolder } from '../servers/folder.ts'
import { startLeadline } from '../servers/leadline.ts'
import { type Exporter, startPeer } from '../servers/peer.ts'
import { runToEnd, startServer } from '../servers/process.ts'
import { publish } from '../servers/published.ts'
import { addresses } from './addresses.ts'
import { type Case, cases } from './cases.ts'
import { type Amount, type Measurement, measure } from './measure.ts'
import { type Circumstances, judge, results, table, verdicts, withoutPlaces } from './report.ts'
import type { TargetUrls } from './targets.ts'
import { commandLine } from './usage.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '6' },
    probes: { type: 'string', default: '4000' },
    warmup: { type: 'string', default: '25000' },
  },
})
const amount: Amount = {
  rounds: Number(values.rounds),
  probesPerRound: Number(values.probes),
  // V8 compiles what runs often, and an exporter runs for weeks: after this many its CPU per probe no longer falls.
  warmUpProbes: Number(values.warmup),
  concurrency: 16,
}

const peerBinary = findServer('blackbox_exporter')
if (!peerBinary) {
  console.error('bench: blackbox_exporter is missing: npm run servers')
  process.exit(1)
}
const rows = cases.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
if (rows.length === 0) {
  console.error(`bench: no such row; there are: ${cases.map(({ name }) => name).join(', ')}`)
  process.exit(1)
}

/** All programs start anew for each row, so that peak RSS is that row's. */
async function runRow(row: Case, peerFile: string, configFile: string, targets: TargetUrls): Promise<Measurement> {
  const started: Exporter[] = []
  try {
    const peer = await startPeer(peerFile, { configFile })
    started.push(peer)
    const ours = await startLeadline({ configFile, program: published.command })
    started.push(ours)
    const floor = await startFloor(commandLine(ours.pid))
    started.push(floor)
    commands = { peerCommand: commandLine(peer.pid), ourCommand: commandLine(ours.pid) }
    return await measure(row, { peer, ours, floor }, targets, amount)
  } finally {
    await Promise.all(started.map((exporter) => exporter.stop()))
  }
}

/** Starts the floor with the flags of Node that our exporter has. */
async function startFloor(ourCommand: string): Promise<Exporter> {
  const flags = ourCommand.split(' ').filter((argument) => /^--(max|heap|no)-/.test(argument))
  const server = await startServer({
    command: process.execPath,
    args: [...flags, join(import.meta.dirname, 'floor.ts')],
    ready: /Listening on address=(127\.0\.0\.1:\d+)/,
  })
  return Object.assign(server, { url: `http://${server.readyLine[1]}` })
}

async function runAll(folder: Folder, peerFile: string): Promise<Measurement[]> {
  const { certificate, key } = await makeCertificate(addresses)
  const caFile = await folder.write('ca.pem', certificate)
  const template = await readFile(join(import.meta.dirname, 'modules.yml'), 'utf8')
  const configFile = await folder.write('blackbox.yml', template.replaceAll('CA_FILE', caFile))
  const targets = await startServer({
    command: process.execPath,
    args: [join(import.meta.dirname, 'targets.ts')],
    env: { ...process.env, CERTIFICATE: certificate, KEY: key },
    ready: /^\{.*\}$/m,
  })
  const urls = JSON.parse(targets.readyLine[0]) as TargetUrls
  const measurements: Measurement[] = []
  try {
    for (const row of rows) {
      const measurement = await runRow(row, peerFile, configFile, urls)
      measurements.push(measurement)
      console.log(`${table([measurement])}\n${verdicts([measurement])}\n`)
    }
  } finally {
    await targets.stop()
  }
  return measurements
}

let commands = { peerCommand: '', ourCommand: '' }
const published = await publish()
const folder = await makeFolder('bench')
const measurements = await runAll(folder, peerBinary).finally(() => Promise.all([folder.remove(), published.remove()]))
if (rows.length === cases.length) {
  const version = await runToEnd(peerBinary, ['--version'])
  const circumstances: Circumstances = {
    amount,
    date: new Date(),
    peerVersion: `${version.stdout}${version.stderr}`.split(' (')[0] ?? '',
    peerCommand: withoutPlaces(commands.peerCommand),
    ourCommand: withoutPlaces(commands.ourCommand),
  }
  await writeFile(join(import.meta.dirname, 'RESULTS.md'), results(measurements, circumstances))
  console.log('Written to test/bench/RESULTS.md')
}
if (measurements.some((each) => judge(each).some(({ isMet }) => !isMet))) process.exitCode = 1
