// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { heldBy, type LeaseObject } from '../src/lease/lease-record.ts'
import { LeaseView } from '../src/lease/lease-view.ts'

const times = { durationSeconds: 15, renewSeconds: 10, retrySeconds: 2 }
const identities = ['a', 'b', 'c'] as const

/** A write on its way: what becomes of it is decided when it arrives. */
interface Write {
  readonly by: number
  readonly sentAt: number
  readonly upon: string | undefined
  readonly object: LeaseObject
}

const who = fc.nat({ max: identities.length - 1 })
type Step =
  | { readonly what: 'wait'; readonly tenths: number }
  | { readonly what: 'read' | 'send' | 'write'; readonly by: number }
  | { readonly what: 'arrive'; readonly which: number; readonly isAnswerLost: boolean }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('wait'), tenths: fc.integer({ min: 0, max: 100 }) }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constantFrom('read', 'send', 'write', 'write'), by: who }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('arrive'), which: fc.nat(), isAnswerLost: fc.boolean() }) },
)

/** An API server, three processes whose clocks have nothing in common, and requests that take as long as they like. */
class World {
  readonly views = identities.map((identity) => new LeaseView(identity, times))
  #stored: LeaseObject | undefined
  #version = 0
  #now = 1000
  #writes: Write[] = []

  take(each: Step): void {
    if (each.what === 'wait') this.#now += each.tenths / 10
    else if (each.what === 'read') this.#view(each.by).see(this.#stored, this.#clockOf(each.by))
    else if (each.what === 'arrive') this.#arrive(each.which % this.#writes.length, each.isAnswerLost)
    else if (this.#send(each.by) && each.what === 'write') this.#arrive(this.#writes.length - 1, false)
  }

  active(): number {
    return this.views.filter((view, by) => view.state(this.#clockOf(by)) === 'active').length
  }

  #send(by: number): boolean {
    const [view, sentAt] = [this.#view(by), this.#clockOf(by)]
    if (!view.mayTake(sentAt)) return false
    const spec = heldBy(identities[by] as string, times.durationSeconds, this.#now, view.spec)
    const metadata = { name: 'l', namespace: 'n' }
    const object: LeaseObject = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec }
    this.#writes.push({ by, sentAt, upon: view.resourceVersion, object })
    return true
  }

  #arrive(which: number, isAnswerLost: boolean): void {
    const [write] = this.#writes.splice(which, 1)
    if (write === undefined || write.upon !== this.#stored?.metadata.resourceVersion) return
    const resourceVersion = `${++this.#version}`
    this.#stored = { ...write.object, metadata: { ...write.object.metadata, resourceVersion } }
    if (isAnswerLost) return
    this.#view(write.by).see(this.#stored, this.#clockOf(write.by))
    this.#view(write.by).renewed(write.sentAt)
  }

  #view(by: number): LeaseView {
    return this.views[by] as LeaseView
  }

  #clockOf(by: number): number {
    return this.#now + by * 1e6
  }
}

test('however slow or lossy the network is, never two are active', (t) => {
  let seen = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
      const world = new World()
      for (const each of steps) {
        world.take(each)
        const active = world.active()
        if (active > 1) return false
        seen += active
      }
      return true
    }),
    { numRuns: 3000 },
  )
  t.ok(seen > 1000, 'and often one is')
  t.end()
})
