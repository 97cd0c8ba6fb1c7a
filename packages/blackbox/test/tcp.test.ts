// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events'
import net from 'node:net'
import { runOnce } from '@leadline/kit/testing'
import { test } from 'tap'
import { tcp } from '../src/probers/tcp.ts'
import { closedPort, tcpServer } from './servers/tcp.ts'

const resolved = ['probe_dns_lookup_time_seconds', 'probe_ip_addr_hash', 'probe_ip_protocol']
const connected = [
  'probe_dns_lookup_time_seconds',
  'probe_failed_due_to_bytes',
  'probe_failed_due_to_regex',
  'probe_ip_addr_hash',
  'probe_ip_protocol',
]

test('a port that answers', async (t) => {
  const server = await tcpServer(t)
  const { ending, values } = await runOnce(tcp, { target: server.target })
  t.equal(ending, 'success')
  t.strictSame(Object.keys(values), connected)
  t.equal(values['probe_failed_due_to_bytes'], 0)
  t.equal(values['probe_failed_due_to_regex'], 0)
  t.equal(values['probe_ip_protocol'], 4)
  t.equal(values['probe_ip_addr_hash'], 3668918509)
})

test('one probe is one connection, and it is closed by the end of the probe', async (t) => {
  const ends: string[] = []
  const server = await tcpServer(t, (socket) => {
    socket.resume()
    socket.on('end', () => ends.push('end'))
    socket.on('error', (error) => ends.push(error.message))
  })
  await runOnce(tcp, { target: server.target })
  await server.idle()
  t.strictSame(ends, ['end'], 'by FIN, once')
})

test('a port where nothing listens', async (t) => {
  const port = await closedPort()
  const { ending, values, records } = await runOnce(tcp, { target: `127.0.0.1:${port}` })
  t.equal(ending, 'failed')
  t.strictSame(Object.keys(values), resolved)
  const { level, message, fields } = records.at(-1) ?? {}
  t.equal(level, 'error')
  t.equal(message, 'Error dialing TCP')
  t.equal(fields?.['err'], `connect 127.0.0.1:${port}: ECONNREFUSED`)
})

test('port 0 and an empty port', async (t) => {
  for (const target of ['127.0.0.1:0', '127.0.0.1:']) {
    const { ending, values } = await runOnce(tcp, { target })
    t.equal(ending, 'failed', target)
    t.strictSame(Object.keys(values), resolved, target)
  }
})

test('a target that is not host:port resolves nothing', async (t) => {
  for (const target of ['localhost', '::1', '::1:80', 'a]:80']) {
    const { ending, values, records } = await runOnce(tcp, { target })
    t.equal(ending, 'failed', target)
    t.strictSame(values, {}, target)
    t.equal(records.at(-1)?.message, 'The target is not host:port', target)
  }
})

test('a port that is no port', async (t) => {
  const { ending, values, records } = await runOnce(tcp, { target: '127.0.0.1:65536' })
  t.equal(ending, 'failed')
  t.strictSame(Object.keys(values), resolved)
  t.equal(records.at(-1)?.message, 'The port of the target is not a port')
})

test('a name that does not resolve', async (t) => {
  const { ending, values } = await runOnce(tcp, { target: 'no-such-name.invalid:80' })
  t.equal(ending, 'failed')
  t.strictSame(Object.keys(values), resolved)
  t.equal(values['probe_ip_protocol'], 0)
  t.equal(values['probe_ip_addr_hash'], 0)
})

test('the family of a literal has to be the preferred one unless it may fall back', async (t) => {
  const server = await tcpServer(t)
  const endingWith = async (yaml: string): Promise<string> =>
    (await runOnce(tcp, { target: server.target, yaml })).ending
  t.equal(await endingWith('preferred_ip_protocol: ip4'), 'success')
  t.equal(await endingWith('{preferred_ip_protocol: ip4, ip_protocol_fallback: false}'), 'success')
  t.equal(await endingWith('preferred_ip_protocol: ip6'), 'success')
  t.equal(await endingWith('{preferred_ip_protocol: ip6, ip_protocol_fallback: false}'), 'failed')
  t.equal(await endingWith('ip_protocol_fallback: false'), 'failed', 'ip6 is the default')
})

test('a name is probed by IPv4', async (t) => {
  const server = await tcpServer(t)
  const target = `localhost:${server.port}`
  const { ending, values } = await runOnce(tcp, { target, yaml: 'preferred_ip_protocol: ip4' })
  t.equal(ending, 'success')
  t.equal(values['probe_ip_protocol'], 4)
})

test('an IPv6 literal stands in brackets', { skip: await withoutIpv6() }, async (t) => {
  const server = await tcpServer(t, undefined, '::1')
  const { ending, values } = await runOnce(tcp, { target: server.target })
  t.equal(ending, 'success')
  t.equal(values['probe_ip_protocol'], 6)
  t.equal(values['probe_ip_addr_hash'], 1751717746)
})

async function withoutIpv6(): Promise<string | false> {
  const server = net.createServer().listen(0, '::1')
  const reason = await Promise.race([once(server, 'listening').then(() => false as const), once(server, 'error')])
  server.close()
  return reason === false ? false : 'the machine has no IPv6 loopback'
}

test('source_ip_address', { skip: process.platform !== 'linux' && 'only Linux has all of 127/8' }, async (t) => {
  const from: (string | undefined)[] = []
  const server = await tcpServer(t, (socket) => {
    from.push(socket.remoteAddress)
    socket.resume()
  })
  const { ending } = await runOnce(tcp, { target: server.target, yaml: 'source_ip_address: 127.0.0.2' })
  t.equal(ending, 'success')
  await server.idle()
  t.strictSame(from, ['127.0.0.2'])
})

test('a source address of the other family fails the probe', async (t) => {
  const server = await tcpServer(t)
  const { ending, records } = await runOnce(tcp, { target: server.target, yaml: 'source_ip_address: "::1"' })
  t.equal(ending, 'failed')
  t.equal(records.at(-1)?.message, 'Error dialing TCP')
})

test('a target that says nothing costs the timeout and no more', async (t) => {
  const server = await tcpServer(t)
  for (const step of ['expect: SSH', 'expect_bytes: SSH']) {
    const { ending, values, durationSeconds } = await runOnce(tcp, {
      target: server.target,
      yaml: `query_response: [{${step}}]`,
      timeoutSeconds: 0.1,
    })
    t.equal(ending, 'timeout')
    t.ok(durationSeconds >= 0.09 && durationSeconds < 0.6, `${durationSeconds} s`)
    t.strictSame(Object.keys(values), connected)
    t.equal(values['probe_failed_due_to_regex'], 0)
    t.equal(values['probe_failed_due_to_bytes'], 0)
  }
  await server.idle()
})

test('hostname is the server name unless the module has one', async (t) => {
  const { absent } = tcp.config
  t.equal(tcp.withHostname?.(absent, 'a.example').tls_config.server_name, 'a.example')
  const named = { ...absent, tls_config: { ...absent.tls_config, server_name: 'b.example' } }
  t.equal(tcp.withHostname?.(named, 'a.example').tls_config.server_name, 'b.example')
})
