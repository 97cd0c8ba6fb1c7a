// SPDX-License-Identifier: Apache-2.0
import * as fc from 'fast-check'
import { test } from 'tap'
import { endpointsOf } from '../src/endpoint.ts'
import { type Known, reconcile } from '../src/membership/reconcile.ts'
import { discoveryModes, mostMembers, type Roster } from '../src/membership/roster.ts'
import type { ListedMember } from '../src/rpc/member-rpc.ts'

function listed(id: string, name: string, ...clientUrls: readonly string[]): ListedMember {
  return { id, name, clientUrls, peerUrls: [], isLearner: false }
}

interface Given extends Partial<Omit<Known, 'seeds' | 'ids' | 'shared'>> {
  readonly seeds: readonly string[]
  readonly ids?: Readonly<Record<string, string>>
  readonly shared?: readonly string[]
}

function known({ seeds, list, mode = 'members', ids = {}, shared = [] }: Given): Known {
  return { mode, list, seeds: endpointsOf(seeds, 'http'), ids: new Map(Object.entries(ids)), shared: new Set(shared) }
}

/** `label id endpoint`, as it is told. */
function lines({ members }: Roster): readonly string[] {
  return members.map(({ label, id, endpoint, isLearner }) =>
    [label, id ?? '-', endpoint, ...(isLearner ? ['learner'] : [])].join(' '),
  )
}

const three = [
  listed('a1', 'a', 'http://10.0.0.1:2379'),
  listed('b2', 'b', 'http://10.0.0.2:2379'),
  listed('c3', 'c', 'http://10.0.0.3:2379'),
]

const table: readonly (readonly [what: string, given: Given, want: readonly string[]])[] = [
  [
    'before anything is known the given endpoints are sounded under their addresses',
    { seeds: ['http://e1:2379', 'e2:2379'] },
    ['e1:2379 - http://e1:2379', 'e2:2379 - http://e2:2379'],
  ],
  ['seeds: before the first list nobody is sounded', { seeds: ['lb:2379'], mode: 'seeds' }, []],
  [
    'a given endpoint stands for the member with that client URL, the others follow from the list',
    { seeds: ['10.0.0.2:2379'], list: three },
    ['a a1 http://10.0.0.1:2379', 'b b2 http://10.0.0.2:2379', 'c c3 http://10.0.0.3:2379'],
  ],
  [
    'a given endpoint stands for the member whose ID it answers with, whatever that one lists',
    { seeds: ['e1:1'], list: three, ids: { 'e1:1': 'c3' } },
    ['a a1 http://10.0.0.1:2379', 'b b2 http://10.0.0.2:2379', 'c c3 http://e1:1'],
  ],
  [
    'the ID of the replies beats the client URL',
    { seeds: ['10.0.0.1:2379'], list: three, ids: { '10.0.0.1:2379': 'b2' } },
    ['b b2 http://10.0.0.1:2379', 'c c3 http://10.0.0.3:2379'],
  ],
  [
    'a given endpoint that nobody knows yet is sounded too',
    { seeds: ['e1:1', 'e2:1'], list: three.slice(0, 1), ids: { 'e1:1': 'a1' } },
    ['a a1 http://e1:1', 'e2:1 - http://e2:1'],
  ],
  [
    'of two given endpoints of one member the first is sounded',
    { seeds: ['e1:1', 'e2:1', '10.0.0.1:2379'], list: three.slice(0, 1), ids: { 'e1:1': 'a1', 'e2:1': 'a1' } },
    ['a a1 http://e1:1'],
  ],
  [
    'a given endpoint of a removed member is sounded no more',
    { seeds: ['e1:1', 'e2:1'], list: three.slice(0, 1), ids: { 'e1:1': 'a1', 'e2:1': 'dead' } },
    ['a a1 http://e1:1'],
  ],
  [
    'a given endpoint that answers for several members stands for none',
    { seeds: ['lb:1'], list: three, ids: { 'lb:1': 'a1' }, shared: ['lb:1'] },
    ['a a1 http://10.0.0.1:2379', 'b b2 http://10.0.0.2:2379', 'c c3 http://10.0.0.3:2379'],
  ],
  [
    'seeds: members are sounded where the list says',
    { seeds: ['e1:1'], list: three.slice(0, 1), ids: { 'e1:1': 'a1' }, mode: 'seeds' },
    ['a a1 http://10.0.0.1:2379'],
  ],
  [
    'off: the given endpoints alone, named by the list',
    { seeds: ['e1:1', 'e2:1', 'e3:1'], list: three, ids: { 'e1:1': 'a1', 'e3:1': 'dead' }, mode: 'off' },
    ['a a1 http://e1:1', 'e2:1 - http://e2:1', 'e3:1 dead http://e3:1'],
  ],
  [
    'members without a name or with the same one go by their IDs',
    {
      seeds: [],
      list: [listed('1', '', 'http://h:1'), listed('2', 'x', 'http://h:2'), listed('3', 'x', 'http://h:3')],
    },
    ['1 1 http://h:1', '2 2 http://h:2', '3 3 http://h:3'],
  ],
  [
    "a name that looks like another one's ID or like a given endpoint is not used",
    {
      seeds: ['e1:1'],
      list: [listed('1', '2', 'http://h:1'), listed('2', 'b', 'http://h:2'), listed('3', 'e1:1', 'http://h:3')],
    },
    ['1 1 http://h:1', '3 3 http://h:3', 'b 2 http://h:2', 'e1:1 - http://e1:1'],
  ],
  [
    'a name that is too long for a label gives way to the ID',
    { seeds: [], list: [listed('1', 'n'.repeat(129), 'http://h:1'), listed('2', 'n'.repeat(128), 'http://h:2')] },
    ['1 1 http://h:1', `${'n'.repeat(128)} 2 http://h:2`],
  ],
  [
    'a learner is marked',
    { seeds: [], list: [{ ...listed('1', 'l', 'http://h:1'), isLearner: true }] },
    ['l 1 http://h:1 learner'],
  ],
  [
    'the first URL that may be followed is taken, https before http',
    { seeds: [], list: [listed('1', 'a', 'unix://s', 'http://h:1', 'https://h:2', 'https://h:3')] },
    ['a 1 https://h:2'],
  ],
  [
    'of two members that list one URL the first has it, unless its replies say otherwise',
    { seeds: [], list: [listed('1', 'a', 'http://h:1'), listed('2', 'b', 'http://h:1')], ids: { 'h:1': '2' } },
    ['b 2 http://h:1'],
  ],
]

test('the members to sound', async (t) => {
  for (const [what, given, want] of table) t.strictSame(lines(reconcile(known(given))), want, what)
})

test('listed members that are not sounded are counted by the reason', async (t) => {
  const list = [
    listed('1', ''),
    { ...listed('2', ''), isLearner: true },
    listed('3', 'c', 'unix://c'),
    listed('4', 'd', 'http://h:4'),
    listed('5', 'e', 'http://h:4'),
  ]
  const { counts } = reconcile(known({ seeds: [], list }))
  t.strictSame(counts, {
    voters: 4,
    learners: 1,
    unsounded: { never_started: 2, no_usable_url: 2, not_given: 0, over_limit: 0 },
  })
  t.equal(reconcile(known({ seeds: ['a:1'] })).counts, undefined, 'unknown before the first list')
  t.match(reconcile(known({ seeds: ['h:4'], list, mode: 'off' })).counts, {
    unsounded: { never_started: 2, not_given: 2, no_usable_url: 0 },
  })
})

test('a flood of members pushes out none that a given endpoint stands for', async (t) => {
  const flood = Array.from({ length: 10_000 }, (_, i) => listed(i.toString(16), `m${i}`, `http://h:${i + 1}`))
  const { members, counts } = reconcile(known({ seeds: ['given:1', 'h:9999'], list: flood }))
  t.equal(members.length, mostMembers)
  t.ok(members.some(({ label, endpoint }) => label === 'm9998' && endpoint === 'http://h:9999'))
  t.equal(counts?.voters, 10_000)
  t.equal(counts?.unsounded.over_limit, 10_000 - mostMembers)
})

const endpointText = fc.constantFrom(
  'http://h:1',
  'https://h:1',
  'h:2',
  'https://h:2',
  'http://10.0.0.1:3',
  'https://10.0.0.1:3',
)
const url = fc.oneof(
  endpointText,
  fc.constantFrom('unix://x', 'http://localhost:4', 'https://169.254.169.254:5', '', 'http://h:6'),
)
const id = fc.constantFrom('1', '2', '3', '4', 'a')
const member: fc.Arbitrary<ListedMember> = fc.record({
  id,
  name: fc.oneof(fc.constantFrom('', 'x', 'y', '1', '2', 'h:1', 'h:2'), fc.string()),
  clientUrls: fc.array(url, { maxLength: 3 }),
  peerUrls: fc.constant([]),
  isLearner: fc.boolean(),
})
const given: fc.Arbitrary<Known> = fc.record({
  mode: fc.constantFrom(...discoveryModes),
  seeds: fc.array(endpointText, { maxLength: 4 }).map((texts) => texts.flatMap((text) => endpointsOf([text], 'http'))),
  list: fc.option(fc.uniqueArray(member, { selector: (one) => one.id }), { nil: undefined }),
  ids: fc
    .dictionary(fc.constantFrom('h:1', 'h:2', '10.0.0.1:3', 'h:6'), fc.oneof(id, fc.constant('gone')))
    .map((ids) => new Map(Object.entries(ids))),
  shared: fc.uniqueArray(fc.constantFrom('h:1', 'h:2')).map((addresses) => new Set(addresses)),
})

function isUnique(values: readonly string[]): boolean {
  return new Set(values).size === values.length
}

function address(endpoint: string): string {
  return endpoint.replace(/^https?:\/\//, '')
}

test('labels are unique, and no endpoint and no listed member is there twice', async () => {
  fc.assert(
    fc.property(given, (it) => {
      const { members, counts } = reconcile(it)
      const isListed = new Set(it.list?.map((one) => one.id))
      const ids = members.flatMap((one) => (one.id !== undefined && isListed.has(one.id) ? [one.id] : []))
      const unsounded = Object.values(counts?.unsounded ?? {}).reduce((sum, count) => sum + count, 0)
      return (
        isUnique(members.map(({ label }) => label)) &&
        isUnique(members.map(({ endpoint }) => address(endpoint))) &&
        (it.list === undefined || isUnique(ids)) &&
        members.every(({ label }) => label !== '' && label.length <= 128) &&
        (it.list === undefined || unsounded + ids.length === it.list.length)
      )
    }),
    { numRuns: 3000 },
  )
})

test('a label does not change with the order of the list, nor with who else comes or goes', async () => {
  const withOne = fc.tuple(given, fc.integer({ min: 0, max: 8 }))
  fc.assert(
    fc.property(withOne, ([it, seed]) => {
      const turned = it.list && [...it.list.slice(seed), ...it.list.slice(0, seed)]
      const same = JSON.stringify(reconcile(it)) === JSON.stringify(reconcile({ ...it, list: turned }))
      const newcomer = listed('ffff', 'a name of its own', 'http://newcomer:1')
      const labels = new Map(reconcile(it).members.map((one) => [one.endpoint, one.label]))
      const later = it.list && reconcile({ ...it, list: [...it.list, newcomer] }).members
      return same && (later ?? []).every((one) => one.id === 'ffff' || labels.get(one.endpoint) === one.label)
    }),
    { numRuns: 2000 },
  )
})

test('a plain listed URL is never sounded when a given endpoint is https', async () => {
  fc.assert(
    fc.property(given, (it) => {
      if (!it.seeds.some(({ scheme }) => scheme === 'https')) return true
      const seedUrls = new Set(it.seeds.map((seed) => seed.url))
      return reconcile(it).members.every(({ endpoint }) => endpoint.startsWith('https:') || seedUrls.has(endpoint))
    }),
    { numRuns: 2000 },
  )
})
