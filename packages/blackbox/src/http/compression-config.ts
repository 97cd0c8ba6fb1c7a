// SPDX-License-Identifier: Apache-2.0
import { type Shape, text } from '@leadline/kit'

/** Codings that a body can be decoded from; empty means that it stays as it came. */
export type Compression = '' | 'gzip' | 'br' | 'deflate' | 'identity'

const codings: readonly Compression[] = ['gzip', 'br', 'deflate', 'identity']

const word = text('The coding that the body has to come in: gzip, br, deflate (raw) or identity.', {
  schema: {
    title: `one of ${codings.join(', ')}`,
    type: 'string',
    pattern: '^(?:[gG][zZ][iI][pP]|[bB][rR]|[dD][eE][fF][lL][aA][tT][eE]|[iI][dD][eE][nN][tT][iI][tT][yY])?$',
  },
})

/** `compression`, in any case. */
export const compression: Shape<Compression> = {
  ...word,
  absent: '',
  print: (value) => (value === '' ? undefined : value),
  read(node) {
    const written = word.read(node)
    const known = codings.find((coding) => coding === written.toLowerCase())
    if (known === undefined && written !== '')
      return node.fail(`unsupported compression algorithm: ${written}; it takes ${codings.join(', ')}`)
    return known ?? ''
  },
}

interface Weighted {
  readonly coding: string
  /** 0 refuses the coding (RFC 9110 section 12.4.2). */
  readonly weight: number
}

/**
 * Whether a server that heeds an Accept-Encoding header may answer in a coding. The peer's rule: the first of the
 * codings by falling weight that is the wanted one or `*` decides. Either being empty makes it acceptable.
 */
export function isAcceptable(coding: Compression, acceptEncoding: string): boolean {
  if (coding === '' || acceptEncoding === '') return true
  const weighted = acceptEncoding.split(',').map(parseWeighted)
  const byWeight = weighted.toSorted((a, b) => b.weight - a.weight)
  const deciding = byWeight.find((entry) => entry.coding === coding || entry.coding === '*')
  return deciding !== undefined && deciding.weight > 0
}

function parseWeighted(entry: string): Weighted {
  const semicolon = entry.lastIndexOf(';')
  if (semicolon < 0) return { coding: entry.trim(), weight: 1 }
  const quality = Number(
    entry
      .slice(semicolon + 1)
      .trim()
      .replace(/^q=/, '') || Number.NaN,
  )
  return {
    coding: entry.slice(0, semicolon).trim(),
    weight: Number.isNaN(quality) ? 0 : Math.round(quality * 1000) / 1000,
  }
}
