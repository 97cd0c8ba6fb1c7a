// SPDX-License-Identifier: Apache-2.0

/** A target as logs and pages show it: the password of a URL's userinfo reads `xxxxx`, as in Go's URL.Redacted. */
export function shownTarget(target: string): string {
  return target.replace(/^([a-z][a-z\d+.-]*:\/\/[^/?#:@]*):[^/?#]*@/i, '$1:xxxxx@')
}
