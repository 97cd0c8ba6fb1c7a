// SPDX-License-Identifier: Apache-2.0

/** A difference that is meant, and why. */
export interface Explanation {
  /** Names of the cases it is meant in; absent for all. */
  readonly cases?: readonly string[]
  /** A line of `differences`. */
  readonly difference: RegExp
  readonly reason: string
}

/** Every meant difference between the pages of both programs; one that no case shows any more fails the test. */
export const pageExplanations: readonly Explanation[] = [
  {
    difference: /^probe_timeout_seconds: only leadline has it$/,
    reason: 'the peer has it after 0.28 (#1571)',
  },
  {
    difference: /^probe_tls_cipher_info: only leadline has it$/,
    reason: 'the peer has it after 0.23',
  },
  {
    difference: /^probe_failed_due_to_bytes: only leadline has it$/,
    reason: 'the peer has it, with expect_bytes, after 0.23',
  },
  {
    cases: [
      'tcp_connect, refused',
      'tcp_connect, no port',
      'tcp_connect, a name that does not resolve',
      'tcp_tls, closed during the handshake',
      'tcp_tls_unknown_ca',
    ],
    difference: /^probe_failed_due_to_regex: only the peer has it$/,
    reason: 'since expect_bytes came, after 0.23, the peer too leaves it out until the connection stands',
  },
]

/** Every meant difference between their other answers. */
export const answerExplanations: readonly Explanation[] = [
  {
    cases: ['logs without parameters', 'logs with an id that is no number'],
    difference: /^status: 500 at the peer, 400 at leadline$/,
    reason: 'the peer answers so since it looks logs up by target as well, which is after 0.23',
  },
  {
    difference: /^content-type: "(.*)" at the peer, "\1; escaping=underscores" at leadline$/,
    reason: 'the peer names the escaping after 0.23',
  },
  {
    cases: ['timeout that is no number'],
    difference: /^body: "(Failed to parse timeout from Prometheus header: ).*" at the peer, "\1/,
    reason: "the rest is Go's name of its parser at the peer, the mend at leadline",
  },
  {
    cases: ['Host given twice'],
    difference: /^body: "host( header defined both in module configuration \(\S+\) and with ).* at the peer, "Host\1/,
    reason: 'the peer writes it so after 0.23',
  },
  {
    cases: ['gzip of a short page'],
    difference: /^content-encoding: "gzip" at the peer, undefined at leadline$/,
    reason: 'what fits into one TCP segment gains nothing by compression',
  },
  {
    cases: ['landing page', 'unknown path'],
    difference: /^content-type: "text\/html" at the peer, "text\/html; charset=utf-8" at leadline$/,
    reason: 'our page says its character set',
  },
]

/** Notes which explanations are used, and tells which are not. */
export class Explainer {
  readonly #explanations: readonly Explanation[]
  readonly #used = new Set<Explanation>()

  constructor(list: readonly Explanation[]) {
    this.#explanations = list
  }

  /** The differences of a case that no explanation covers. */
  unexplained(name: string, found: readonly string[]): string[] {
    return found.filter((difference) => {
      const covers = ({ cases, difference: pattern }: Explanation) =>
        (cases?.includes(name) ?? true) && pattern.test(difference)
      const explanation = this.#explanations.find(covers)
      if (explanation) this.#used.add(explanation)
      return !explanation
    })
  }

  /** Reasons that no difference needed: they are out of date. */
  stale(): string[] {
    return this.#explanations.filter((each) => !this.#used.has(each)).map(({ reason }) => reason)
  }
}
