// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { clientEndpoint, serverNameOf } from '../src/rpc/endpoint.ts'

test('a client URL is taken apart, and what is none is refused with the mistake', async (t) => {
  t.match(clientEndpoint('http://[fd00::1]:2379/'), { scheme: 'http', host: 'fd00::1', port: 2379 })
  t.throws(() => clientEndpoint('unix://etcd.sock'), {
    message: '"unix://etcd.sock" has the scheme unix; endpoints are http://host:port or https://host:port',
  })
})

test('an address is not sent as a server name', async (t) => {
  t.equal(serverNameOf({ host: 'etcd.example' }), 'etcd.example')
  t.equal(serverNameOf({ host: '10.0.0.1' }), undefined)
  t.equal(serverNameOf({ host: 'fd00::1' }), undefined)
})
