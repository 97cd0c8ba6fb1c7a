// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { readConfig } from '../config/load.ts'
import type { Logger } from '../log.ts'
import { type WebConfig, webConfig } from './config.ts'
import { FromFiles } from './file-stamp.ts'

/** The web config file; read again whenever it has changed. */
export class WebConfigFile {
  readonly path: string
  readonly #log: Logger
  readonly #config: FromFiles<WebConfig>

  constructor(path: string, log: Logger) {
    this.path = path
    this.#log = log
    this.#config = new FromFiles([path], () => readWebConfig(path))
  }

  /** Throws ConfigError, or the system's error, when the file can't be used; at the start the caller tells it. */
  check(): void {
    this.#config.get()
  }

  /** The config of now. Throws ConfigError, or the system's error, while the file can't be used; that is logged once. */
  current(): WebConfig {
    return this.#config.get((error) => {
      if (error === undefined) this.#log.debug('Web config read', { file: this.path })
      else this.#log.error('Unable to parse web config', { err: error })
    })
  }
}

function readWebConfig(path: string): WebConfig {
  const config = readConfig(webConfig, readFileSync(path, 'utf8'), path)
  const inFolder = (file: string): string => (file === '' || isAbsolute(file) ? file : join(dirname(path), file))
  const tls = config.tls_server_config
  return {
    ...config,
    tls_server_config: {
      ...tls,
      cert_file: inFolder(tls.cert_file),
      key_file: inFolder(tls.key_file),
      client_ca_file: inFolder(tls.client_ca_file),
    },
  }
}
