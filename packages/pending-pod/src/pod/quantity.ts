// SPDX-License-Identifier: Apache-2.0

const quantity = /^([+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30}))(?:([eE][+-]?\d{1,3})|([KMGTPE]i|[numkMGTPE]))?$/

const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** The number that a Kubernetes quantity such as `250m`, `1.5Gi` or `1e3` stands for; undefined when it is none. */
export function parseQuantity(value: unknown): number | undefined {
  const [, number, exponent, suffix] = quantity.exec(typeof value === 'number' ? String(value) : textValue(value)) ?? []
  if (number === undefined) return undefined
  if (exponent !== undefined) return Number(number + exponent)
  return Number(number) * (suffix === undefined ? 1 : (factors[suffix] ?? 1))
}

function textValue(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
