// SPDX-License-Identifier: Apache-2.0
import { defineFlags, FlagError, type FlagValues } from '@leadline/kit'
import { clusterFlags } from '@leadline/kube'
import { pendingPodConfig } from './config.ts'

const { absent } = pendingPodConfig

/** Flags of the exporter; those that begin with `pending.` stand for a config file. */
export const flags = defineFlags({
  ...clusterFlags,
  namespaces: {
    type: 'string',
    absent: '',
    placeholder: 'a,b',
    help: 'Namespaces to watch, with commas between them, each by a watch of its own; all by one watch without it.',
  },
  'pending.threshold': {
    type: 'duration',
    absent: absent.threshold,
    help: 'How long a pod may wait before it counts as over its threshold.',
  },
  'pending.stuck': {
    type: 'uint',
    absent: absent.stuck,
    help: 'How many of the pods over their threshold, the oldest, have a series of their own.',
  },
  lease: {
    type: 'string',
    absent: '',
    placeholder: 'namespace/name',
    help: 'Lease by which one of several replicas is the active one.',
  },
})

/** The namespaces that the flag names, each once; none for all of them. Throws FlagError for what can be no namespace. */
export function namespacesOf(text: string): readonly string[] {
  if (text === '') return []
  const names = text.split(',').map((name) => name.trim())
  for (const name of names) {
    if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
      throw new FlagError(`flag --namespaces wants names of namespaces, as in shop,batch, not "${name}"`)
    }
  }
  return [...new Set(names)]
}

/** The config that flags come to, as YAML; undefined when none of them is given. */
export function configOf(values: FlagValues<typeof flags>): string | undefined {
  const [threshold, stuck] = [values['pending.threshold'], values['pending.stuck']]
  if (threshold === absent.threshold && stuck === absent.stuck) return undefined
  return JSON.stringify({ threshold: `${threshold}s`, stuck }, undefined, 1)
}
