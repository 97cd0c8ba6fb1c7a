// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises'
import { silent, systemClock } from '@leadline/kit'
import { test } from 'tap'
import { until } from '../../../test/servers/until.ts'
import { noCredentials } from '../src/rpc/config.ts'
import { openCredentials } from '../src/rpc/credentials.ts'
import { openMember } from '../src/rpc/grpc-member.ts'
import { serverCertificateEndsAt } from '../src/rpc/peer-certificate.ts'
import { failureOf, openFor, tlsOf } from './rpc-open.ts'
import { startCluster } from './servers/cluster.ts'

for (const version of ['etcd_3_4', 'etcd_3_5', 'etcd_3_7'] as const) {
  test(`${version}: TLS trouble is told from an unreachable member, with the mend`, async (t) => {
    const cluster = await startCluster(t, { version, tls: {} })
    const etcd = cluster?.members[0]
    if (!cluster?.certificates || !etcd) return
    const { certificates } = cluster
    const url = etcd.clientUrl
    const good = tlsOf(certificates)
    t.equal((await openFor(t, url, { tls_config: good }).status(5)).memberId, etcd.id)

    const stranger = certificates.stranger.certificateFile
    const cases = [
      [{ ...good, ca_file: stranger }, /of an authority that is not trusted; put that authority into ca_file$/],
      [{ ...good, server_name: 'etcd.example' }, /not for the host in its URL; set server_name to a name in the cert/],
      [{ ca_file: good.ca_file ?? '' }, /wants a client certificate of an authority that it trusts; set cert_file and/],
      [tlsOf(certificates, certificates.strange), /authority (that it trusts|of our client certificate); .*cert_file/],
      [tlsOf(certificates, certificates.expired), /client certificate.*; .*cert_file/],
      [{ ca_file: '/nowhere/ca.crt' }, /: TLS: ca_file: ENOENT: .*'\/nowhere\/ca.crt'$/],
      [{ ...good, key_file: certificates.strange.keyFile }, /: cert_file and key_file do not belong together$/],
    ] as const
    for (const [tls_config, message] of cases) {
      const member = openFor(t, url, { tls_config })
      for (let call = 0; call < 2; call++) {
        const failure = await failureOf(member.status(5))
        t.match(failure, { failure: 'tls', code: 'UNAVAILABLE' }, failure.message)
        t.match(failure.message, message)
        t.ok(failure.message.startsWith(`Status at ${url}: `))
        t.ok(failure.tookSeconds < 2)
      }
    }
  })

  test(`${version}: http and https are told apart`, async (t) => {
    const secure = await startCluster(t, { version, tls: {} })
    const plain = secure && (await startCluster(t, { version }))
    const [https, http] = [secure?.members[0]?.clientUrl, plain?.members[0]?.clientUrl]
    if (!secure?.certificates || !https || !http) return
    t.match(await failureOf(openFor(t, https.replace('https:', 'http:')).status(5)), {
      failure: 'tls',
      message: /: http is spoken to an https endpoint; write https:\/\/ in its URL$/,
    })
    const tls_config = tlsOf(secure.certificates)
    t.match(await failureOf(openFor(t, http.replace('http:', 'https:'), { tls_config }).status(5)), {
      failure: 'tls',
      message: /: https is spoken to an http endpoint; write http:\/\/ in its URL$/,
    })
  })
}

test('a server certificate whose time is over is told, and its end can be read', async (t) => {
  const cluster = await startCluster(t, { tls: {} })
  const etcd = cluster?.members[0]
  if (!cluster?.certificates || !etcd) return
  const { server, expired } = cluster.certificates
  const credentials = openCredentials(
    { ...noCredentials, tls_config: { ...noCredentials.tls_config, ...tlsOf(cluster.certificates) } },
    silent,
  )
  t.equal(await serverCertificateEndsAt(etcd.clientUrl, credentials, 5), server.notAfter)
  t.equal(await serverCertificateEndsAt(etcd.metricsUrl, credentials, 5), undefined, 'http has none')

  // etcd reads its certificate again for each handshake.
  await writeFile(server.certificateFile, expired.certificate)
  await writeFile(server.keyFile, expired.key)
  t.match(await failureOf(openFor(t, etcd.clientUrl, { tls_config: tlsOf(cluster.certificates) }).status(5)), {
    failure: 'tls',
    message: /: the certificate of the member has expired; renew it$/,
  })
  t.equal(await serverCertificateEndsAt(etcd.clientUrl, credentials, 5), expired.notAfter)
})

test('without a certificate there is no end of one', async (t) => {
  const etcd = (await startCluster(t))?.members[0]
  if (!etcd) return
  const credentials = openCredentials(noCredentials, silent)
  const url = etcd.clientUrl.replace('http:', 'https:')
  await t.rejects(serverCertificateEndsAt(url, credentials, 5), { message: new RegExp(`^certificate of ${url}: `) })
  etcd.pause()
  await t.rejects(serverCertificateEndsAt(url, credentials, 0.2), {
    message: `certificate of ${url}: no handshake within 0.2 s`,
  })
})

test('a renewed client certificate is used for the next connection, without a restart', async (t) => {
  const cluster = await startCluster(t, { tls: {}, proxyClients: true })
  const etcd = cluster?.members[0]
  if (!cluster?.certificates || !etcd) return
  const { client, expired } = cluster.certificates
  const renewed = { certificate: client.certificate, key: client.key }
  await writeFile(client.certificateFile, expired.certificate)
  await writeFile(client.keyFile, expired.key)
  const tls = { ...noCredentials.tls_config, ...tlsOf(cluster.certificates) }
  const credentials = openCredentials({ ...noCredentials, tls_config: tls }, silent)
  const member = openMember({ endpoint: etcd.clientUrl, credentials, clock: systemClock })
  t.teardown(() => member.close())
  t.equal((await failureOf(member.status(5))).failure, 'tls')
  t.equal(credentials.clientCertificateEndsAt(), expired.notAfter)
  await writeFile(client.certificateFile, renewed.certificate)
  await writeFile(client.keyFile, renewed.key)
  const reply = await until('the renewed certificate to let in', () => member.status(5).catch(() => undefined))
  t.equal(reply.memberId, etcd.id)
  t.equal(credentials.clientCertificateEndsAt(), client.notAfter)
})

test('any certificate will do when that is asked for', async (t) => {
  const cluster = await startCluster(t, { tls: {} })
  const etcd = cluster?.members[0]
  if (!cluster?.certificates || !etcd) return
  const { cert_file = '', key_file = '' } = tlsOf(cluster.certificates)
  const member = openFor(t, etcd.clientUrl, { tls_config: { cert_file, key_file, insecure_skip_verify: true } })
  t.equal((await member.status(5)).memberId, etcd.id)
})
