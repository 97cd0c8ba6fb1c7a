// SPDX-License-Identifier: Apache-2.0
import { type Raw, rawOf } from '@leadline/kube'
import { parseQuantity } from './quantity.ts'

/** How much of each resource, by its name: cpu in thousandths of a core, all others in bytes or pieces. */
export type Amounts = ReadonlyMap<string, number>

/** More than any pod or node has, so that memory is bounded whatever an object says. */
const mostResources = 64

/** Reads a list of quantities by resource, rounded up to whole numbers as the scheduler does; those not valid are left out. */
export function readAmounts(value: unknown): Amounts {
  const entries = Object.entries(rawOf(value)).slice(0, mostResources)
  return new Map(
    entries.flatMap(([name, text]): [string, number][] => {
      const amount = parseQuantity(text)
      if (amount === undefined || amount < 0) return []
      // 1.1 * 1000 is more than 1100 by the 13th digit.
      return [[name, Math.ceil(Number((name === 'cpu' ? amount * 1000 : amount).toPrecision(15)))]]
    }),
  )
}

/** What a container asks for. */
export function requestsOf(container: Raw): Amounts {
  return readAmounts(rawOf(container['resources'])['requests'])
}

/** The sums. */
export function addAmounts(some: Amounts, more: Amounts): Amounts {
  return combine(some, more, (one, other) => one + other)
}

/** The larger of each. */
export function largerAmounts(some: Amounts, others: Amounts): Amounts {
  return combine(some, others, Math.max)
}

function combine(some: Amounts, others: Amounts, join: (one: number, other: number) => number): Amounts {
  if (others.size === 0) return some
  const result = new Map(some)
  for (const [name, amount] of others) result.set(name, join(result.get(name) ?? 0, amount))
  return result
}
