// SPDX-License-Identifier: Apache-2.0
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

interface AuditEvent {
  readonly verb: string
  readonly objectRef: { readonly namespace: string; readonly name?: string }
  readonly responseStatus: { readonly code: number }
}

/** The Jobs that an API server has created, by its audit log, as `namespace/name`. */
export async function createdJobs(auditLog: string): Promise<ReadonlySet<string>> {
  const created = new Set<string>()
  for await (const line of createInterface({ input: createReadStream(auditLog) })) {
    const { verb, objectRef, responseStatus } = JSON.parse(line) as AuditEvent
    if (verb === 'create' && responseStatus.code === 201) created.add(`${objectRef.namespace}/${objectRef.name}`)
  }
  return created
}
