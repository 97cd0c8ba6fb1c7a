// SPDX-License-Identifier: Apache-2.0
import { type Shape, text } from '@leadline/kit'

const prefixes = ['', 'K', 'M', 'G', 'T', 'P', 'E']
const largest = 2 ** 63

/** Thrown for a text that is no size in bytes. */
class BadSize extends Error {}

/**
 * Bytes of a size such as `10MB` or `1GiB512MiB`; both spellings count in steps of 1024 (alecthomas/units, Base2Bytes),
 * but they can't be mixed. Throws Error that says what is wrong.
 */
export function parseByteSize(size: string): number {
  try {
    return parseUnits(size, 'iB')
  } catch {
    return parseUnits(size, 'B')
  }
}

function parseUnits(size: string, suffix: 'B' | 'iB'): number {
  const [, sign = '', amounts = ''] = /^([-+]?)(.*)$/s.exec(size) ?? []
  if (amounts === '0') return 0
  if (!/^(?:(?:\d+\.?\d*|\.\d+)[^\d.]*)+$/.test(amounts)) throw new BadSize(`units: invalid ${size}`)
  let bytes = 0
  for (const [, digits = '', unit = ''] of amounts.matchAll(/(\d+\.?\d*|\.\d+)([^\d.]*)/g)) {
    const power = prefixes.findIndex((prefix) => unit === (prefix === '' ? 'B' : prefix + suffix))
    if (power < 0) throw new BadSize(`units: unknown unit ${unit} in ${size}`)
    bytes += Number(digits) * 1024 ** power
  }
  if (bytes > largest) throw new BadSize('units: overflow parsing unit')
  return sign === '-' ? -Math.trunc(bytes) : Math.trunc(bytes)
}

/** The shortest whole spelling of a number of bytes: `1MiB512KiB`, `0B`. */
export function formatByteSize(bytes: number): string {
  const parts: string[] = []
  let rest = bytes
  for (const prefix of prefixes) {
    const amount = rest % 1024
    if (amount > 0) parts.unshift(`${amount}${prefix}${prefix === '' ? 'B' : 'iB'}`)
    rest = Math.floor(rest / 1024)
  }
  return parts.join('') || '0B'
}

/** A size in bytes; 0 when absent or negative, which both mean that there is no limit. */
export function byteSize(description: string): Shape<number> {
  const written = text(description, {
    schema: {
      title: 'a size such as 10MB',
      type: 'string',
      pattern: '^[-+]?(?:0|(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[KMGTPE]i?)?B)+)$',
    },
  })
  return {
    ...written,
    absent: 0,
    print: (value) => (value === 0 ? undefined : formatByteSize(value)),
    read(node) {
      if (node.isNull) return 0
      try {
        return Math.max(0, parseByteSize(written.read(node)))
      } catch (error) {
        if (!(error instanceof BadSize)) throw error
        return node.fail(`${error.message}; write 10B, 10KB or 10MiB`)
      }
    },
  }
}
