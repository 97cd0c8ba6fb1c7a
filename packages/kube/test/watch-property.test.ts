// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { untilSo } from '../../../test/servers/until.ts'
import { type FakeApi, sendStatus, startFakeApi } from './servers/fake-api.ts'
import { cronjobs, type TestWatch, watchCronJobs } from './servers/open.ts'

const names = ['a', 'b', 'c', 'd', 'e'] as const

type Change = { readonly what: 'set' | 'delete'; readonly name: string }

type Step =
  | Change
  | { readonly what: 'bookmark' | 'garbled' | 'busy' | 'sync' }
  /** What happens while there is no watch. */
  | { readonly what: 'cut' | 'end'; readonly changes: readonly Change[]; readonly isForgotten: boolean }

const change: fc.Arbitrary<Change> = fc.record({
  what: fc.constantFrom('set', 'delete'),
  name: fc.constantFrom(...names),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: change },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('bookmark', 'garbled', 'busy') }) },
  { weight: 2, arbitrary: fc.constant({ what: 'sync' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom('cut', 'end'),
      changes: fc.array(change, { maxLength: 4 }),
      isForgotten: fc.boolean(),
    }),
  },
)

for (const hasWatchList of [true, false]) {
  const how = hasWatchList ? 'watch-lists' : 'lists'
  test(`whatever happens to server and network, the set comes to be the server's own, by ${how}`, async (t) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.constantFrom(undefined, 7), async (steps, chunkBytes) => {
        const api = await startFakeApi(t, { hasWatchList, ...(chunkBytes !== undefined && { chunkBytes }) })
        const watching = watchCronJobs(t, api, { times: { firstWaitSeconds: 0.001, longestWaitSeconds: 0.004 } })
        for (const each of steps) await take(each, api, watching)
        await synced(api, watching)
        await watching.stop()
        api.server.closeAllConnections()
        api.server.close()
      }),
      { numRuns: 60, interruptAfterTimeLimit: 25_000, markInterruptAsFailure: true },
    )
  })
}

async function take(each: Step, api: FakeApi, watching: TestWatch): Promise<void> {
  if (each.what === 'set' || each.what === 'delete') make(each, api)
  else if (each.what === 'cut' || each.what === 'end') {
    api.disconnect(each.what)
    for (const one of each.changes) make(one, api)
    if (each.isForgotten) api.compact()
  } else if (each.what === 'bookmark') api.bookmark()
  else if (each.what === 'garbled') api.garblesNext = true
  else if (each.what === 'busy') refuseNext(api)
  else await synced(api, watching)
}

function make({ what, name }: Change, api: FakeApi): void {
  if (what === 'set') api.set(cronjobs, name, { spec: { schedule: `${api.version}` } })
  else api.delete(cronjobs, name)
}

function refuseNext(api: FakeApi): void {
  api.faults = [
    (_, response) => {
      api.faults = []
      sendStatus(response, 500, 'etcdserver: leader changed')
      return true
    },
  ]
}

/** At a point where the server rests, the consumer comes to hold just what the server holds, and was told no nonsense. */
async function synced(api: FakeApi, { watch, consumer }: TestWatch): Promise<void> {
  const wanted = api.all(cronjobs).map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`)
  const held = (objects: typeof watch.objects): string[] =>
    [...objects.values()].map(({ name, uid, version }) => `${name} ${uid} ${version}`)
  const isSame = (a: readonly string[]): boolean => a.toSorted().join() === wanted.toSorted().join()
  await untilSo('the sets to be equal', () => isSame(held(watch.objects)) && isSame(held(consumer.objects)), 5)
  if (consumer.wrong.length > 0) throw new Error(consumer.wrong.join(', '))
}
