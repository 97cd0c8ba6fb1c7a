// SPDX-License-Identifier: Apache-2.0
import { request } from 'undici'
import type { Both } from './both.ts'
import type { HttpCase } from './requests.ts'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Every way in which our answer differs from the peer's, one line each; both are asked at the same time. */
export async function answerDifferences({ peer, ours, targets }: Both, each: HttpCase): Promise<string[]> {
  const path = each.path(targets)
  const [theirs, own] = await Promise.all([ask(peer + path, each), ask(ours + path, each)])
  const found: string[] = []
  const tell = (what: string, atPeer: unknown, atOurs: unknown) => {
    if (atPeer === atOurs) return
    found.push(`${what}: ${JSON.stringify(atPeer)} at the peer, ${JSON.stringify(atOurs)} at leadline`)
  }
  tell('status', theirs.status, own.status)
  for (const name of each.sameHeaders ?? []) tell(name, theirs.headers[name], own.headers[name])
  const { body = 'same' } = each
  const isAgreed = body === 'any' || (body === 'begins' && own.body.startsWith(theirs.body.trimEnd()))
  if (!isAgreed) tell('body', theirs.body, own.body)
  return found
}

async function ask(url: string, { method = 'GET', headers = {} }: HttpCase): Promise<Answer> {
  const reply = await request(url, { method: method as 'GET', headers: { ...headers, connection: 'close' } })
  return { status: reply.statusCode, headers: reply.headers, body: await reply.body.text() }
}
