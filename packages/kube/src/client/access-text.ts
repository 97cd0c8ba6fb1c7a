// SPDX-License-Identifier: Apache-2.0

/** A request as RBAC sees it. */
interface AccessAsked {
  readonly method: string
  /** Path of the API: `/api/v1/...` or `/apis/<group>/<version>/...`. */
  readonly path: string
  readonly isWatch: boolean
}

/** What a role must grant for a request, in words: `list on jobs in batch`. */
export function accessText({ method, path, isWatch }: AccessAsked): string {
  const parts = path.split('/').filter((part) => part !== '')
  const isCore = parts[0] === 'api'
  const group = isCore ? '' : (parts[1] ?? '')
  const rest = parts.slice(isCore ? 2 : 3)
  const isNamespaced = rest[0] === 'namespaces' && rest.length > 2
  const [resource = path, name] = isNamespaced ? rest.slice(2) : rest
  const verb = isWatch ? 'watch' : verbOf(method, name !== undefined)
  const where = isNamespaced ? ` (namespace ${rest[1]})` : ''
  return `${verb} on ${resource}${group === '' ? '' : ` in ${group}`}${where}`
}

function verbOf(method: string, hasName: boolean): string {
  if (method === 'GET') return hasName ? 'get' : 'list'
  return { POST: 'create', PUT: 'update', PATCH: 'patch' }[method] ?? method.toLowerCase()
}
