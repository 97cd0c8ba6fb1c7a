// SPDX-License-Identifier: Apache-2.0
import type { CookieJar } from 'tough-cookie'

/** Cookies of one probe, so that a site that sets one and redirects sees it again. The library is loaded with the first cookie. */
export class Cookies {
  #jar: CookieJar | undefined

  /** Keeps what Set-Cookie fields of a response from this URL say; the malformed and the foreign are dropped. */
  async keep(url: string, setCookies: readonly string[]): Promise<void> {
    if (this.#jar === undefined) {
      const { CookieJar } = await import('tough-cookie')
      this.#jar = new CookieJar()
    }
    for (const cookie of setCookies) this.#jar.setCookieSync(cookie, url, { ignoreError: true })
  }

  /** The Cookie header for a URL; undefined for none. */
  header(url: string): string | undefined {
    return this.#jar?.getCookieStringSync(url) || undefined
  }
}
