// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { clusterClock } from '../src/client/cluster-clock.ts'

function rig() {
  const skew: { seconds: number | undefined } = { seconds: undefined }
  const clock = { unix: () => 1000, now: () => 5 }
  return { skew, time: clusterClock({ skewSeconds: () => skew.seconds }, clock) }
}

test('it is our clock before the API server has answered', async (t) => {
  const { time } = rig()
  t.equal(time.now(), 1000)
  t.equal(time.at(900), 900)
})

test("it is the API server's as soon as that is known to differ", async (t) => {
  const { skew, time } = rig()
  skew.seconds = 300
  t.equal(time.now(), 1300)
  t.equal(time.at(900), 1200)
  skew.seconds = -2
  t.equal(time.now(), 998)
})

test('it does not follow what is within the noise', async (t) => {
  const { skew, time } = rig()
  skew.seconds = 0.9
  t.equal(time.now(), 1000)
  skew.seconds = 60
  t.equal(time.now(), 1060)
  for (const near of [60.8, 59.2, 61]) {
    skew.seconds = near
    t.equal(time.now(), 1060)
  }
  skew.seconds = 61.1
  t.equal(time.now(), 1061.1)
})

test('it keeps to the last skew while none is known', async (t) => {
  const { skew, time } = rig()
  skew.seconds = 300
  time.now()
  skew.seconds = undefined
  t.equal(time.now(), 1300)
})
