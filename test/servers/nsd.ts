// SPDX-License-Identifier: Apache-2.0
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { makeFolder } from './folder.ts'
import { type RunningServer, startServer } from './process.ts'

const attempts = 5

/** A real authoritative DNS server on a free loopback port, udp and tcp alike. */
export interface Nsd extends RunningServer {
  /** As in `127.0.0.1:5353`. */
  readonly address: string
}

/** Starts NSD serving one zone, given in zone file syntax. Throws with its output when it does not come up. */
export async function startNsd(binary: string, zone: string, zoneFile: string): Promise<Nsd> {
  // NSD cannot listen on port 0, so a free port is looked for first; another program may take it meanwhile: then again.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    try {
      return await startOn(port, binary, zone, zoneFile)
    } catch (error) {
      if (attempt === attempts || !String(error).includes('in use')) throw error
    }
  }
}

async function startOn(port: number, binary: string, zone: string, zoneFile: string): Promise<Nsd> {
  const folder = await makeFolder('nsd')
  await folder.write('zone', zoneFile)
  const configFile = await folder.write('nsd.conf', configOf(folder.path, zone, port))
  const server = await startServer({ command: binary, args: ['-d', '-c', configFile], ready: /nsd started/, folder })
  return Object.assign(server, { address: `127.0.0.1:${port}` })
}

function configOf(folder: string, zone: string, port: number): string {
  return `server:
  ip-address: 127.0.0.1@${port}
  zonesdir: "${folder}"
  database: ""
  pidfile: "${folder}/nsd.pid"
  xfrdfile: "${folder}/xfrd.state"
  zonelistfile: "${folder}/zone.list"
  xfrdir: "${folder}"
  username: ""
  server-count: 1
  verbosity: 1
remote-control:
  control-enable: no
zone:
  name: "${zone}"
  zonefile: "zone"
`
}

/** A port that is free for udp and tcp on 127.0.0.1 at this moment. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = createSocket('udp4')
  socket.bind(port, '127.0.0.1')
  const taken = await Promise.race([
    once(socket, 'listening').then(() => false),
    new Promise<boolean>((resolve) => socket.once('error', () => resolve(true))),
  ])
  socket.close()
  server.close()
  await once(server, 'close')
  return taken ? freePort() : port
}
