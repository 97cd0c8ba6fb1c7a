// SPDX-License-Identifier: Apache-2.0

/** A reply that is no DNS message; the only error that decoding one throws. */
export class Malformed extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'Malformed'
  }
}
