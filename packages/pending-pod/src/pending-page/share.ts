// SPDX-License-Identifier: Apache-2.0

/** How many of each of these lists are shown when there is room for `most`: a like number of each, and what is to spare for the first. */
export function share(lengths: readonly number[], most: number): readonly number[] {
  const each = Math.floor(most / Math.max(1, lengths.length))
  let spare = most - lengths.reduce((sum, length) => sum + Math.min(length, each), 0)
  return lengths.map((length) => {
    const more = Math.min(spare, Math.max(0, length - each))
    spare -= more
    return Math.min(length, each) + more
  })
}
