// SPDX-License-Identifier: Apache-2.0
import { RecordingLogger, systemClock } from '@leadline/kit'
import { type Test, test } from 'tap'
import { untilSo } from '../../../test/servers/until.ts'
import { contend, type Lease, type LeaseOptions } from '../src/lease/lease.ts'
import type { LeaseState } from '../src/lease/lease-view.ts'
import { type FakeApi, sendStatus, startFakeApi } from './servers/fake-api.ts'
import { openAt } from './servers/open.ts'

const collection = '/apis/coordination.k8s.io/v1/namespaces/default/leases'
const times = { durationSeconds: 5, renewSeconds: 4, retrySeconds: 0.1 }

interface Contender extends Lease {
  readonly told: readonly LeaseState[]
  readonly log: RecordingLogger
  stop(): Promise<void>
}

function stand(t: Test, api: FakeApi, identity: string, options: Partial<LeaseOptions> = {}): Contender {
  const log = new RecordingLogger('debug', systemClock.unix)
  const told: LeaseState[] = []
  const ending = new AbortController()
  const lease = contend({
    cluster: openAt(t, api.url),
    namespace: 'default',
    name: 'l',
    identity,
    signal: ending.signal,
    clock: systemClock,
    log,
    times,
    changed: (state) => told.push(state),
    ...options,
  })
  const stop = (): Promise<void> => {
    ending.abort()
    return lease.ended
  }
  t.teardown(stop)
  return { ...lease, told, log, stop }
}

function specOf(api: FakeApi): Readonly<Record<string, unknown>> {
  return (api.all(collection)[0]?.['spec'] ?? {}) as Readonly<Record<string, unknown>>
}

test('one is active, the other stands by and takes over at once when the first goes', async (t) => {
  const api = await startFakeApi(t)
  const first = stand(t, api, 'first')
  t.equal(first.state(), 'unknown')
  await untilSo('an active one', () => first.state() === 'active')
  const second = stand(t, api, 'second')
  await untilSo('a standby', () => second.state() === 'standby')
  t.match(second.holder(), /^first_/)
  const { acquireTime } = specOf(api)
  await untilSo('renewals', () => specOf(api)['renewTime'] !== acquireTime)
  t.match(specOf(api), { leaseDurationSeconds: 5, leaseTransitions: 0, acquireTime })
  t.match(acquireTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  const begin = performance.now()
  await first.stop()
  t.equal(first.state(), 'unknown')
  await untilSo('the other', () => second.state() === 'active')
  t.ok(performance.now() - begin < 2000, 'it need not wait for the end of what was released')
  t.strictSame(
    [first.told, second.told],
    [
      ['active', 'unknown'],
      ['standby', 'active'],
    ],
  )
})

test('one that can not renew steps down before another may take over', async (t) => {
  const api = await startFakeApi(t)
  const cut = { isCut: false }
  const quick = { durationSeconds: 1, renewSeconds: 0.6, retrySeconds: 0.1 }
  const first = stand(t, api, 'first', { cluster: cuttable(t, api, cut), times: quick })
  await untilSo('an active one', () => first.state() === 'active')
  const second = stand(t, api, 'second', { times: quick })
  await untilSo('a standby', () => second.state() === 'standby')
  cut.isCut = true
  const both: boolean[] = []
  await untilSo('the other', () => {
    both.push(first.state() === 'active' && second.state() === 'active')
    return second.state() === 'active'
  })
  t.notOk(both.includes(true), 'never two')
  t.equal(first.state(), 'unknown')
  t.match(
    first.log.records.map(({ message }) => message),
    ['Lease changed', 'Lease could not be read or renewed', 'Lease changed'],
  )
  t.equal(specOf(api)['leaseTransitions'], 1)
  cut.isCut = false
  await untilSo('a standby', () => first.state() === 'standby')
})

test('a process that was held up is not active by what it knew', async (t) => {
  const api = await startFakeApi(t)
  let ahead = 0
  const clock = { ...systemClock, now: () => systemClock.now() + ahead }
  const lease = stand(t, api, 'first', { clock })
  await untilSo('an active one', () => lease.state() === 'active')
  ahead = 10
  t.equal(lease.state(), 'unknown')
})

test('a renewal whose answer was lost does not cost the lease', async (t) => {
  const api = await startFakeApi(t)
  const lease = stand(t, api, 'first')
  await untilSo('an active one', () => lease.state() === 'active')
  let lost = 0
  api.faults.push(({ method }, response) => {
    if (method !== 'PUT' || lost > 0) return false
    lost++
    api.set(collection, 'l', { spec: { ...specOf(api), leaseTransitions: 0 } })
    response.destroy()
    return true
  })
  await untilSo('the loss', () => lost === 1)
  const { version } = api
  await untilSo('the next renewal', () => api.version > version)
  t.equal(lease.state(), 'active')
  t.strictSame(lease.told, ['active'])
})

test('a lease that somebody else took by force is given up', async (t) => {
  const api = await startFakeApi(t)
  const lease = stand(t, api, 'first')
  await untilSo('an active one', () => lease.state() === 'active')
  api.set(collection, 'l', { spec: { holderIdentity: 'other', leaseDurationSeconds: 60 } })
  await untilSo('the standby', () => lease.state() === 'standby')
  t.equal(lease.holder(), 'other')
})

test('a lease that is deleted is made anew', async (t) => {
  const api = await startFakeApi(t)
  const lease = stand(t, api, 'first')
  await untilSo('an active one', () => lease.state() === 'active')
  api.delete(collection, 'l')
  await untilSo('a new one', () => api.all(collection).length === 1 && lease.state() === 'active')
  t.match(specOf(api)['holderIdentity'], /^first_/)
})

test('of many that begin at once just one is active', async (t) => {
  const api = await startFakeApi(t)
  const all = ['a', 'b', 'c', 'd', 'e'].map((identity) => stand(t, api, identity))
  await untilSo('all to know', () => all.every((each) => each.state() !== 'unknown'))
  t.strictSame(all.map((each) => each.state()).toSorted(), ['active', 'standby', 'standby', 'standby', 'standby'])
})

test('without the rights it stays unknown and says what to grant, once', async (t) => {
  const api = await startFakeApi(t)
  api.faults.push((_, response) => (sendStatus(response, 403, 'forbidden'), true))
  const lease = stand(t, api, 'first')
  await untilSo('attempts', () => api.requests.length >= 3)
  t.equal(lease.state(), 'unknown')
  t.match(lease.log.records, [{ fields: { err: /needs get on leases in coordination.k8s.io \(namespace default\)/ } }])
  t.equal(lease.log.records.length, 1)
})

test('times that could make two active are refused', (t) => {
  const options = { times: { durationSeconds: 10, renewSeconds: 10, retrySeconds: 2 } }
  t.throws(() => contend(options as LeaseOptions), RangeError)
  t.end()
})

/** A way to the API server that can be cut, for one of several. */
function cuttable(t: Test, api: FakeApi, cut: { readonly isCut: boolean }): LeaseOptions['cluster'] {
  const cluster = openAt(t, api.url)
  const nowhere = openAt(t, 'http://127.0.0.1:1')
  const now = (): LeaseOptions['cluster'] => (cut.isCut ? nowhere : cluster)
  return {
    get: (...all) => now().get(...all),
    write: (...all) => now().write(...all),
  }
}
