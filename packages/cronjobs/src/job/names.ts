// SPDX-License-Identifier: Apache-2.0

const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?'

/** Names of CronJobs and service accounts: RFC 1123 labels with dots between. */
export const subdomain = `${label}(?:\\.${label})*`

/** Most characters of a CronJob's name: its Jobs are called `<name>-<minutes since 1970>`, and have 63 at most. */
export const longestName = 52

const qualifiedName = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?'

/** Set by the Job controller on each Job's pods. */
const reservedLabel = /^(batch\.kubernetes\.io\/)?(controller-uid|job-name)$/

/** What is wrong with a text that has to match a pattern as a whole; undefined when it does. */
export function matcher(pattern: string, mend: string, most = 253): (value: string) => string | undefined {
  const whole = new RegExp(`^(?:${pattern})$`)
  return (value) => (value.length <= most && whole.test(value) ? undefined : `${JSON.stringify(value)} ${mend}`)
}

/** The mistake in the key of a label or an annotation. */
export const keyMistake = matcher(
  `(?:${subdomain}/)?${qualifiedName}`,
  'is no key such as team or example.com/team: letters, digits, "-", "_" and ".", at most 63 after a prefix',
  317,
)

/** The mistake in the key of a label. */
export function labelKeyMistake(key: string): string | undefined {
  return reservedLabel.test(key) ? `${key} is set by Kubernetes itself; leave it out` : keyMistake(key)
}

/** The mistake in the value of a label. */
export const labelValueMistake = matcher(
  `(?:${qualifiedName})?`,
  'is no label value: at most 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends',
  63,
)
