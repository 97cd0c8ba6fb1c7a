// SPDX-License-Identifier: Apache-2.0
import { type KitFlags, kitFlags } from '../flags/kit.ts'
import { parseFlags } from '../flags/parse.ts'
import { FlagError, type FlagTable, type FlagValues } from '../flags/table.ts'
import type { Exporter } from './exporter.ts'
import { type Location, locate } from './external-url.ts'
import { type ListenTarget, parseListenAddress } from './listen.ts'

/** What a command line says, checked and worked out. */
export interface Settings<F extends FlagTable> {
  readonly flags: FlagValues<F> & FlagValues<KitFlags>
  readonly location: Location
  /** Undefined with `--web.systemd-socket`. */
  readonly targets: readonly ListenTarget[] | undefined
}

/** What a command line asks to be told instead of serving. */
export type Question = 'help' | 'version'

/** Reads the command line of an exporter. Throws FlagError for the first mistake. */
export function readSettings<C, F extends FlagTable>(
  exporter: Exporter<C, F>,
  argv: readonly string[],
): Settings<F> | Question {
  const { values, asks } = parseFlags({ ...kitFlags, ...exporter.flags }, argv)
  if (asks !== undefined) return asks
  const flags = values as unknown as FlagValues<F> & FlagValues<KitFlags>
  const common: FlagValues<KitFlags> = flags
  if (!common['web.telemetry-path'].startsWith('/')) {
    throw new FlagError(
      `flag --web.telemetry-path wants a path such as /metrics, not "${common['web.telemetry-path']}"`,
    )
  }
  const given = common['web.listen-address']
  const targets = (given.length === 0 ? [`:${exporter.port}`] : given).map(parseListenAddress)
  const external = common['web.external-url']
  const systemd = common['web.systemd-socket']
  if (systemd && external === '') throw new FlagError('flag --web.systemd-socket also wants --web.external-url')
  const [first] = targets
  const port = first !== undefined && 'port' in first ? first.port : exporter.port
  return {
    flags,
    location: locate(external, common['web.route-prefix'], port),
    targets: systemd ? undefined : targets,
  }
}
