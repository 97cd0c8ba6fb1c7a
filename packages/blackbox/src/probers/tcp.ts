// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { CheckFailed, defineMetrics, messageOf, type Run } from '@leadline/kit'
import { type DialOptions, dial } from '../net/dial.ts'
import { chooseAddress, resolveMetrics } from '../net/resolve.ts'
import { parsePort, splitHostPort } from '../net/target.ts'
import { defineProber } from '../prober.ts'
import { type TcpConfig, tcpConfig } from '../tcp/config.ts'
import { Dialogue, dialogueMetrics } from '../tcp/dialogue.ts'
import { certificateMetrics, reportCertificates } from '../tls/certificates.ts'
import { tlsMaterial } from '../tls/context.ts'
import { handshake } from '../tls/handshake.ts'

const metrics = defineMetrics({ ...resolveMetrics, ...certificateMetrics, ...dialogueMetrics })

type TcpRun = Run<TcpConfig, typeof metrics>

/** Connects to a `host:port`, by TLS if asked to, and speaks a dialogue. */
export const tcp = defineProber({
  name: 'tcp',
  metrics,
  config: tcpConfig,
  withHostname(config, hostname) {
    if (config.tls_config.server_name !== '') return config
    return { ...config, tls_config: { ...config.tls_config, server_name: hostname } }
  },
  async run(run) {
    const { tls, query_response } = run.config
    const target = splitHostPort(run.target)
    if (target === undefined) throw new CheckFailed('The target is not host:port', { target: run.target })
    const choosing = chooseAddress(run, target.host, run.config)
    const address = choosing instanceof Promise ? await choosing : choosing
    const port = parsePort(target.port)
    if (port === undefined) throw new CheckFailed('The port of the target is not a port', { port: target.port })
    let socket: Socket
    try {
      socket = await dial(address, port, dialOptions(run))
    } catch (error) {
      throw new CheckFailed('Error dialing TCP', { err: messageOf(error) })
    }
    run.log.debug('Successfully dialed')
    const plain = socket
    const secure = async (): Promise<Socket> => {
      socket = await goOverToTls(run, plain, target.host)
      return socket
    }
    if (tls) await secure()
    try {
      run.set('probe_failed_due_to_bytes', 0)
      run.set('probe_failed_due_to_regex', 0)
      if (query_response.length > 0) await new Dialogue(run, socket, secure).speak(query_response)
    } finally {
      // This also lets out the last message of a TLS 1.3 handshake; without it targets log a broken one.
      if (socket instanceof TLSSocket) await sayGoodbye(socket)
      socket.destroy()
    }
  },
})

function dialOptions({ config, signal }: TcpRun): DialOptions {
  return config.source_ip_address === '' ? { signal } : { signal, localAddress: config.source_ip_address }
}

async function goOverToTls(run: TcpRun, socket: Socket, host: string): Promise<TLSSocket> {
  const { tls_config } = run.config
  const material = await tlsMaterial(tls_config)
  const serverName = tls_config.server_name === '' ? host : tls_config.server_name
  const secured = await handshake(socket, material, { serverName, signal: run.signal }).catch((error: unknown) => {
    throw new CheckFailed('TLS handshake failed', { err: messageOf(error) })
  })
  run.log.debug('TLS handshake succeeded')
  reportCertificates(run, secured, material)
  return secured
}

/**
 * Sends close_notify, as Go does. From Node 26 on it goes out a turn later, and a socket that is destroyed before loses it.
 * A target that takes in nothing is not waited for.
 */
async function sayGoodbye(socket: TLSSocket): Promise<void> {
  if (socket.destroyed || socket.writableLength > 0) return
  const { promise, resolve } = Promise.withResolvers<void>()
  socket.once('close', resolve).end(resolve)
  await promise
}
