// SPDX-License-Identifier: Apache-2.0

const steps: readonly (readonly [string, number])[] = [
  ['Ti', 2 ** 40],
  ['Gi', 2 ** 30],
  ['Mi', 2 ** 20],
  ['Ki', 2 ** 10],
]

/** An amount of a resource as people write it: `200m` or `2` of cpu, `1.5Gi` of bytes, the number of anything else. */
export function amountText(resource: string, amount: number): string {
  if (resource === 'cpu') return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`
  const isBytes = resource === 'memory' || resource.endsWith('-storage') || resource.startsWith('hugepages-')
  const step = isBytes ? steps.find(([, size]) => amount >= size) : undefined
  if (step === undefined) return String(amount)
  const [unit, size] = step
  // Rounded up, since so much is needed at least.
  return `${Math.ceil((amount / size) * 10) / 10}${unit}`
}
