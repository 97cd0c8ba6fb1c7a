// SPDX-License-Identifier: Apache-2.0
import { duration, type InferFields, list, type ObjectNode, object, oneOf, optional, text } from '@leadline/kit'
import { endpointsMistake, parseEndpoint } from '../endpoint.ts'
import { discoveryModes } from './roster.ts'

const leastIntervalSeconds = 1
const mostIntervalSeconds = 3600

const staticPods = object(
  "The etcd pods of the Kubernetes cluster that the exporter runs in, found with the pod's service account, which needs a " +
    'Role to list pods there. An empty block ({}) has the defaults of kubeadm.',
  {
    namespace: text('Namespace of the pods.', { absent: 'kube-system', check: namespaceMistake }),
    label_selector: text('Selector of the pods.', { absent: 'component=etcd' }),
  },
)

/** The part of a cluster's config that says who its members are. */
export const membershipFields = {
  endpoints: list(
    'Client endpoints of members.',
    text('http://host:port, https://host:port, or host:port, which is https as soon as there are TLS settings.', {
      check(value) {
        const endpoint = parseEndpoint(value, 'http')
        return 'mistake' in endpoint ? endpoint.mistake : undefined
      },
    }),
  ),
  discovery_srv: text(
    'Domain whose SRV records name the members: those of _etcd-client-ssl._tcp, or else of _etcd-client._tcp, which are ' +
      'not asked for when there are TLS settings. Looked up at each members_interval.',
    { check: domainMistake },
  ),
  static_pods: optional(staticPods),
  discovery: oneOf(
    'Whom to sound: members (the given endpoints, and the listed members that none of them is), seeds (listed members ' +
      'only, as behind a load balancer), off (the given endpoints only).',
    discoveryModes,
    'members',
  ),
  members_interval: duration('How often the member list is asked for.', 10),
}

/** The part of a cluster's config that says who its members are. */
export type MembershipConfig = InferFields<typeof membershipFields>

/** Checks across `membershipFields`: exactly one way to the members, no endpoint twice, an interval in bounds. */
export function checkMembership(config: MembershipConfig, node: ObjectNode): void {
  const { endpoints, discovery_srv, static_pods, members_interval } = config
  const ways = [
    ['endpoints', endpoints.length > 0],
    ['discovery_srv', discovery_srv !== ''],
    ['static_pods', static_pods !== undefined],
  ] as const
  const [first, second] = ways.filter(([, isGiven]) => isGiven).map(([key]) => key)
  if (first === undefined) {
    const mend = node.has('static_pods') ? '; for static_pods with its defaults write static_pods: {}' : ''
    node.self.note(`one of endpoints, discovery_srv and static_pods must be given${mend}`)
  } else if (second !== undefined) {
    node.at(second).note(`${second} and ${first} are mutually exclusive`)
  }
  const mistake = endpointsMistake(endpoints)
  if (mistake !== undefined) node.at('endpoints').note(mistake)
  if (!(members_interval >= leastIntervalSeconds && members_interval <= mostIntervalSeconds)) {
    node.at('members_interval').note('members_interval is out of range: least 1s, most 1h')
  }
}

function domainMistake(name: string): string | undefined {
  const isName = name.length <= 253 && /^(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?$/.test(name)
  return isName ? undefined : `"${name}" is not a domain name; it takes the domain alone, as in example.com`
}

function namespaceMistake(name: string): string | undefined {
  return /^[a-z\d](?:[-a-z\d]{0,61}[a-z\d])?$/.test(name) ? undefined : `"${name}" is not the name of a namespace`
}
