// SPDX-License-Identifier: Apache-2.0

/** Those of exactly this name; where there are none, those with it in their name; all when nothing is asked for. */
export function exactOrPart<T>(all: readonly T[], nameOf: (one: T) => string, asked: string | undefined): readonly T[] {
  if (asked === undefined) return all
  const exact = all.filter((one) => nameOf(one) === asked)
  return exact.length > 0 ? exact : all.filter((one) => nameOf(one).includes(asked))
}
