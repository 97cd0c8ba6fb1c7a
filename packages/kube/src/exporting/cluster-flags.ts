// SPDX-License-Identifier: Apache-2.0
import { hostname } from 'node:os'
import { buildInfo, type Clock, defineFlags, FlagError, type FlagValues, type Logger } from '@leadline/kit'
import { type Cluster, openCluster } from '../client/cluster.ts'
import { contend, type Lease } from '../lease/lease.ts'
import type { LeaseState } from '../lease/lease-view.ts'

/** Flags of every exporter that watches a cluster. */
export const clusterFlags = defineFlags({
  kubeconfig: {
    type: 'string',
    absent: '',
    placeholder: 'file',
    help: "Kubeconfig of the cluster; without it $KUBECONFIG, ~/.kube/config, or the pod's service account.",
  },
  context: {
    type: 'string',
    absent: '',
    placeholder: 'name',
    help: 'Context of the kubeconfig, in place of its current one.',
  },
})

/** What such an exporter lives in. */
export interface ClusterSurroundings {
  readonly clock: Clock
  readonly log: Logger
}

/** The cluster that the flags name, told of the exporter by its command word. Throws KubeconfigError. */
export function openNamedCluster(
  command: string,
  { kubeconfig, context }: FlagValues<typeof clusterFlags>,
  surroundings: ClusterSurroundings,
): Cluster {
  return openCluster({
    kubeconfig: kubeconfig || undefined,
    context: context || undefined,
    userAgent: `leadline-${command}/${buildInfo.version}`,
    ...surroundings,
  })
}

/** An object by its namespace and name. */
export interface Place {
  readonly namespace: string
  readonly name: string
}

/** The place that a flag names; undefined when it is empty. Throws FlagError for anything but `namespace/name`. */
export function placeOf(flag: string, text: string): Place | undefined {
  if (text === '') return undefined
  const [namespace, name, more] = text.split('/')
  if (!namespace || !name || more !== undefined) {
    throw new FlagError(`flag --${flag} wants namespace/name, as in monitoring/leadline, not "${text}"`)
  }
  return { namespace, name }
}

/** Our part in an election for a Lease, under the name of this host. */
export function standFor(
  place: Place,
  cluster: Cluster,
  changed: (state: LeaseState) => void,
  surroundings: ClusterSurroundings & { readonly signal: AbortSignal },
): Lease {
  return contend({ ...place, cluster, identity: hostname(), changed, ...surroundings })
}
