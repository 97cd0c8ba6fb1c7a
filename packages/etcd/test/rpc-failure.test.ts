// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { verdictOn } from '../src/rpc/failure.ts'
import type { StatusName } from '../src/rpc/line.ts'

type Case = readonly [code: StatusName, details: string, failure: string, text?: string]

/** As grpc-js 1.14 and Node.js 24 say it; seen with etcd 3.4, 3.5 and 3.7 unless it says otherwise. */
const connection = (error: string): string => `No connection established. Last error: ${error}. Resolution note: `

const cases: readonly Case[] = [
  [
    'UNAVAILABLE',
    connection('Error: connect ECONNREFUSED 10.0.0.1:2379'),
    'unreachable',
    'connect ECONNREFUSED 10.0.0.1:2379',
  ],
  ['UNAVAILABLE', 'Name resolution failed for target dns:etcd-0:2379', 'unreachable'],
  ['UNAVAILABLE', 'Connection dropped', 'unreachable'],
  ['UNAVAILABLE', 'etcdserver: server stopped', 'unreachable'],
  ['INTERNAL', 'Received RST_STREAM with code 2 triggered by internal client error: write EPIPE', 'unreachable'],
  ['INTERNAL', 'Received RST_STREAM with code 2 (Internal server error)', 'other'],
  ['DEADLINE_EXCEEDED', 'no answer within 2 s', 'deadline', 'no answer within 2 s'],
  ['UNAVAILABLE', 'etcdserver: request timed out', 'deadline', 'etcdserver: request timed out'],
  ['UNAVAILABLE', 'etcdserver: request timed out, possibly due to previous leader failure', 'deadline'],
  ['UNKNOWN', 'context deadline exceeded', 'deadline'],
  ['UNAVAILABLE', 'etcdserver: no leader', 'no_leader'],
  ['UNAVAILABLE', 'etcdserver: leader changed', 'no_leader'],
  [
    'RESOURCE_EXHAUSTED',
    'etcdserver: mvcc: database space exceeded',
    'nospace',
    'etcdserver: mvcc: database space exceeded; compact, defragment, then disarm the NOSPACE alarm',
  ],
  ['RESOURCE_EXHAUSTED', 'etcdserver: too many requests', 'other'],
  ['DATA_LOSS', 'etcdserver: corrupt cluster', 'corrupt'],
  ['INVALID_ARGUMENT', 'etcdserver: user name is empty', 'auth'],
  ['INVALID_ARGUMENT', 'etcdserver: authentication failed, invalid user ID or password', 'auth'],
  ['INVALID_ARGUMENT', 'etcdserver: revision of auth store is old', 'auth'],
  ['UNAUTHENTICATED', 'etcdserver: invalid auth token', 'auth'],
  ['PERMISSION_DENIED', 'etcdserver: permission denied', 'auth'],
  ['OUT_OF_RANGE', 'etcdserver: mvcc: required revision has been compacted', 'other'],
  ['UNIMPLEMENTED', 'unknown service etcdserverpb.Maintenance', 'other'],
  [
    'UNAVAILABLE',
    connection('Error: TLS CERT_HAS_EXPIRED: certificate has expired'),
    'tls',
    'the certificate of the member has expired; renew it',
  ],
  [
    'UNAVAILABLE',
    connection(
      '408DE21BAF7F0000:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../deps/openssl/' +
        'openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 116\n (2026-11-21T14:01:15.823Z)',
    ),
    'tls',
    'the member wants a client certificate of an authority that it trusts; set cert_file and key_file',
  ],
  [
    'UNAVAILABLE',
    connection('Error: TLS ERR_SSL_X: 40:error:0A000126:SSL routines::unexpected eof while reading:../deps/x.c:1:\n'),
    'tls',
    'TLS: unexpected eof while reading',
  ],
]

for (const [code, message, failure, text] of cases) {
  test(`${code} "${message.slice(0, 100)}" is ${failure}`, (t) => {
    const verdict = verdictOn({ code, message })
    t.equal(verdict.failure, failure)
    if (text !== undefined) t.equal(verdict.text, text)
    t.notMatch(verdict.text, '\n')
    t.end()
  })
}
