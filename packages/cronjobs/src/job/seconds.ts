// SPDX-License-Identifier: Apache-2.0
import { duration, formatDuration, mapped, type Shape } from '@leadline/kit'

const year = 365 * 86_400

/** A duration as people write it: `20m` and not `20m0s`. */
export function shortDuration(durationSeconds: number): string {
  return formatDuration(durationSeconds)
    .replace(/(?<=[hm])0s$/, '')
    .replace(/(?<=h)0m$/, '')
}

/** A duration of whole seconds from `least` up to `most`, a year unless told. */
export function seconds<A extends number | undefined>(
  description: string,
  { absent, least, most = year }: { readonly absent: A; readonly least: number; readonly most?: number },
): Shape<number | A> {
  const { default: _, ...schema } = duration(description).schema
  const shape = mapped<number, number | A>(duration(description), {
    absent,
    to(value, node) {
      if (Number.isInteger(value) && value >= least && value <= most) return value
      return node.fail(
        `${formatDuration(value)} is out of range: whole seconds, least ${least}s, most ${shortDuration(most)}`,
      )
    },
    from: (value) => value ?? 0,
  })
  return { ...shape, schema: absent === undefined ? schema : { ...schema, default: shortDuration(absent) } }
}
