// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import type { Folder } from '../../../../test/servers/folder.ts'

/** An audit log of the API server. */
export interface Audit {
  /** Path of the log: one event of audit.k8s.io/v1 a line, once the request is answered. */
  readonly log: string
  /** What the API server has to be told. */
  readonly flags: readonly string[]
}

/** Who creates which Job, who reads which pod by its name, when, and what came of it; nothing else. */
const policy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'Metadata', verbs: ['create'], resources: [{ group: 'batch', resources: ['jobs'] }] },
    { level: 'Metadata', verbs: ['get'], resources: [{ group: '', resources: ['pods'] }] },
    { level: 'None' },
  ],
}

/** Writes the policy of an audit log of the Jobs that are created and the pods that are read. */
export async function makeAudit(folder: Folder): Promise<Audit> {
  const log = join(folder.path, 'audit.log')
  const file = await folder.write('audit-policy.json', JSON.stringify(policy))
  return { log, flags: [`--audit-policy-file=${file}`, `--audit-log-path=${log}`, '--audit-log-mode=blocking'] }
}
