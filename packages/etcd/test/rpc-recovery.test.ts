// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '@leadline/kit'
import { type Test, test } from 'tap'
import type { MemberRpc } from '../src/rpc/member-rpc.ts'
import { failureOf, openFor, tlsOf } from './rpc-open.ts'
import { startCluster } from './servers/cluster.ts'
import type { Member } from './servers/member.ts'

const outageSeconds = 4
const calls = { everySeconds: 1, timeoutSeconds: 2 }

/** Calls once a second as the exporter does, for the length of an outage; gives the failures. */
async function soundFor(seconds: number, member: MemberRpc): Promise<string[]> {
  const failures: string[] = []
  const end = systemClock.now() + seconds
  const pending: Promise<unknown>[] = []
  while (systemClock.now() < end) {
    pending.push(failureOf(member.status(calls.timeoutSeconds)).then(({ failure }) => failures.push(failure)))
    await sleep(calls.everySeconds * 1000)
  }
  await Promise.all(pending)
  return failures
}

/** Seconds until a call succeeds; calls once a second, as the exporter does. */
async function secondsUntilSeen(member: MemberRpc): Promise<number> {
  const begin = systemClock.now()
  const seen = Promise.withResolvers<number>()
  const call = (): void => {
    member.status(calls.timeoutSeconds).then(
      () => seen.resolve(systemClock.now() - begin),
      () => {},
    )
  }
  const timer = setInterval(call, calls.everySeconds * 1000)
  call()
  return seen.promise.finally(() => clearInterval(timer))
}

async function start(t: Test, options: { readonly tls?: object; readonly proxyClients?: boolean }) {
  const cluster = await startCluster(t, options)
  const etcd: Member | undefined = cluster?.members[0]
  if (!cluster || !etcd) return undefined
  const tls = cluster.certificates && { tls_config: tlsOf(cluster.certificates) }
  const member = openFor(t, etcd.clientUrl, tls)
  await member.status(5)
  return { etcd, member }
}

for (const tls of [undefined, {}]) {
  const how = tls === undefined ? 'http' : 'https'

  test(`${how}: a frozen member is a deadline, and is seen again when it goes on`, async (t) => {
    const started = await start(t, { ...(tls && { tls }) })
    if (!started) return
    const { etcd, member } = started
    etcd.pause()
    const failures = await soundFor(outageSeconds, member)
    t.strictSame([...new Set(failures)], ['deadline'])
    etcd.resume()
    t.ok((await secondsUntilSeen(member)) < 3)
  })

  test(`${how}: a killed member is unreachable, and is seen again when it is back`, async (t) => {
    const started = await start(t, { ...(tls && { tls }) })
    if (!started) return
    const { etcd, member } = started
    await etcd.kill()
    const failures = await soundFor(outageSeconds, member)
    t.strictSame([...new Set(failures)], ['unreachable'])
    await etcd.start()
    t.ok((await secondsUntilSeen(member)) < 3)
  })
}

test('a path that swallows everything is a deadline, and a new connection finds it open again', async (t) => {
  const started = await start(t, { proxyClients: true })
  if (!started) return
  const { etcd, member } = started
  etcd.clientProxy?.set('stall')
  t.strictSame([...new Set(await soundFor(outageSeconds, member))], ['deadline'])
  etcd.clientProxy?.set('pass')
  t.ok((await secondsUntilSeen(member)) < 3)
})
