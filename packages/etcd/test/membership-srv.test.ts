// SPDX-License-Identifier: Apache-2.0
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type Test, test } from 'tap'
import { needServer } from '../../../test/servers/find.ts'
import { startNsd } from '../../../test/servers/nsd.ts'
import { srvEndpoints } from '../src/membership/srv.ts'

const zone = `$ORIGIN example.test.
$TTL 1
@ SOA ns hostmaster 1 60 60 60 1
@ NS ns
ns A 127.0.0.1
_etcd-client-ssl._tcp.both SRV 10 0 2379 Etcd-2
_etcd-client-ssl._tcp.both SRV 0 0 2379 etcd-9
_etcd-client-ssl._tcp.both SRV 10 0 2379 etcd-1
_etcd-client._tcp.both SRV 0 0 2379 plain
_etcd-client._tcp.plain SRV 0 0 2381 etcd-1
_etcd-client._tcp.plain SRV 0 0 2379 etcd-1
_etcd-client-ssl._tcp.none SRV 0 0 0 .
_etcd-client-ssl._tcp.other TXT "no SRV"
`

async function startDns(t: Test): Promise<readonly string[] | undefined> {
  const binary = needServer(t, 'nsd')
  if (!binary) return undefined
  const nsd = await startNsd(binary, 'example.test', zone)
  t.teardown(() => nsd.stop())
  return [nsd.address]
}

test('SRV records name the endpoints', async (t) => {
  const servers = await startDns(t)
  if (servers === undefined) return
  const urls = async (name: string, hasTls: boolean) =>
    (await srvEndpoints(`${name}.example.test`, hasTls, servers)(20)).map(({ url }) => url)

  t.strictSame(
    await urls('both', false),
    ['https://etcd-9.example.test:2379', 'https://etcd-1.example.test:2379', 'https://etcd-2.example.test:2379'],
    'those of https alone when there are any, by priority and name',
  )
  t.strictSame(
    await urls('plain', false),
    ['http://etcd-1.example.test:2379', 'http://etcd-1.example.test:2381'],
    'those of http when there are no others',
  )
  const plain = { failure: 'dns', message: 'plain.example.test has no SRV records of _etcd-client-ssl._tcp' }
  await t.rejects(urls('plain', true), plain, 'never those of http with TLS settings')
  for (const name of ['none', 'other', 'missing']) {
    const message = `${name}.example.test has no SRV records of _etcd-client-ssl._tcp or _etcd-client._tcp`
    await t.rejects(urls(name, false), { failure: 'dns', message }, name)
  }
})

test('a DNS server that refuses or is silent does not lead to plain endpoints', async (t) => {
  const servers = await startDns(t)
  if (servers === undefined) return
  await t.rejects(srvEndpoints('elsewhere.test', false, servers)(20), {
    failure: 'dns',
    message: /^lookup of SRV _etcd-client-ssl\._tcp\.elsewhere\.test: .*EREFUSED/,
  })
  const silent = createSocket('udp4').bind(0, '127.0.0.1')
  t.teardown(() => silent.close())
  await once(silent, 'listening')
  await t.rejects(srvEndpoints('a.test', false, [`127.0.0.1:${silent.address().port}`])(0.3), {
    failure: 'dns',
    message: /^lookup of SRV _etcd-client-ssl\._tcp\.a\.test: .*(ECANCELLED|ETIMEOUT)/,
  })
})
