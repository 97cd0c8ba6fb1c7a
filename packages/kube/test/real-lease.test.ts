// SPDX-License-Identifier: Apache-2.0
import { RecordingLogger, systemClock } from '@leadline/kit'
import { test } from 'tap'
import { untilSo } from '../../../test/servers/until.ts'
import { contend, type Lease } from '../src/lease/lease.ts'
import { startControlPlane } from './control-plane/control-plane.ts'
import { openIn } from './servers/secured.ts'

const times = { durationSeconds: 3, renewSeconds: 2, retrySeconds: 0.2 }
const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases'
const rules = [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] }]

test('contenders for a real Lease', async (t) => {
  const plane = await startControlPlane(t, { proxy: true })
  if (!plane) return
  const contender = await plane.addUser('contender', rules)
  const rival = openIn(t, plane.kubeconfig)

  const stand = (name: string, identity: string, cluster = openIn(t, contender.kubeconfig)): Contender => {
    const ending = new AbortController()
    const log = new RecordingLogger('debug', systemClock.unix)
    const { signal } = ending
    const options = { cluster, namespace: 'default', name, identity, signal, clock: systemClock, log, times }
    const lease = contend(options)
    const stop = (): Promise<void> => {
      ending.abort()
      return lease.ended
    }
    t.teardown(stop)
    return { ...lease, stop }
  }

  await t.test('one is active at a time, and the other takes over at once when it goes', async (sub) => {
    const first = stand('release', 'first')
    await untilSo('an active one', () => first.state() === 'active')
    const second = stand('release', 'second')
    await untilSo('a standby', () => second.state() === 'standby')
    const begin = performance.now()
    await first.stop()
    await untilSo('the other', () => second.state() === 'active')
    sub.ok(performance.now() - begin < 1500)
    sub.match(await plane.admin.get(`${leases}/release`), {
      spec: { holderIdentity: /^second_/, leaseTransitions: 1, leaseDurationSeconds: 3 },
    })
    await second.stop()
    sub.match(await plane.admin.get(`${leases}/release`), { spec: { leaseDurationSeconds: 1 } })
  })

  await t.test('one that is cut off steps down before the other takes over', async (sub) => {
    const first = stand('cut', 'first')
    await untilSo('an active one', () => first.state() === 'active')
    const second = stand('cut', 'second', rival)
    await untilSo('a standby', () => second.state() === 'standby')
    plane.proxy.silence()
    let both = 0
    await untilSo('the other', () => {
      if (first.state() === 'active' && second.state() === 'active') both++
      return second.state() === 'active'
    })
    sub.equal(both, 0)
    sub.not(first.state(), 'active')
    plane.proxy.restore()
    await untilSo('a standby', () => first.state() === 'standby')
    sub.equal(second.state(), 'active')
  })
})

interface Contender extends Lease {
  stop(): Promise<void>
}
