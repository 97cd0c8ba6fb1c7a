// SPDX-License-Identifier: Apache-2.0
import type { Member } from './member.ts'

const probes = 5

/** Seconds that each of five puts at a member takes, quickest first: a busy machine makes some of them slow. */
export async function putTimes({ client }: Member): Promise<[quickest: number, ...others: number[]]> {
  const times: number[] = []
  for (let n = 0; n < probes; n++) {
    const begun = performance.now()
    await client.put('bed').value('x')
    times.push((performance.now() - begun) / 1000)
  }
  const [quickest = 0, ...others] = times.toSorted((a, b) => a - b)
  return [quickest, ...others]
}

/** Whether a put at a member fails or takes longer than a second. */
export async function putFails({ client }: Member): Promise<boolean> {
  const put = client
    .put('bed')
    .value('x')
    .options({ deadline: Date.now() + 1000 })
  return put.exec().then(
    () => false,
    () => true,
  )
}
