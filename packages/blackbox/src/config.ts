// SPDX-License-Identifier: Apache-2.0
import {
  duration,
  type Fields,
  mapOf,
  nearest,
  type ObjectNode,
  object,
  optional,
  type Shape,
  text,
} from '@leadline/kit'
import { missingProbers, probers } from './modules.ts'

/** One entry of `modules`: which prober, how long, and a block of settings for each prober that the file gives one. */
export interface ProbeModule {
  /** Empty for a module without a body, which no probe can use. */
  readonly prober: string
  /** Seconds; 0 when the scrape timeout alone decides. */
  readonly timeout: number
  /** Settings by prober name; undefined means the prober's defaults. */
  readonly [block: string]: unknown
}

/** A whole config file. */
export interface BlackboxConfig {
  readonly modules: ReadonlyMap<string, ProbeModule>
}

/** A block of a prober that is not here yet: not read, not printed. */
const unreadBlock: Shape<undefined> = {
  absent: undefined,
  schema: { description: 'Settings of a prober that is not here yet; not read.' },
  read: () => undefined,
  print: () => undefined,
}

const proberNames = probers.map(({ name }) => name)

const blocks: Fields = Object.fromEntries([
  ...probers.map((prober) => [prober.name, optional(prober.config)] as const),
  ...missingProbers.map((name) => [name, unreadBlock] as const),
])

const moduleShape = object(
  'How to probe: a prober and its settings.',
  {
    prober: text(`The prober: ${proberNames.join(', ')}.`, {
      schema: { title: 'a prober', type: 'string', enum: [...proberNames, ...missingProbers] },
    }),
    timeout: duration("Longest time for a probe; the scraper's own timeout cuts it."),
    ...blocks,
  },
  { check: checkProber },
) as Shape<ProbeModule>

function checkProber({ prober }: { readonly prober: string }, node: ObjectNode): void {
  if (proberNames.includes(prober)) return
  const place = node.at('prober')
  if (missingProbers.includes(prober)) {
    place.warn(`prober ${prober} is not here yet; probes with this module are refused`)
    return
  }
  const near = nearest(prober, [...proberNames, ...missingProbers])
  const mend = near === undefined ? '' : `, did you mean ${near}?`
  place.fail(`prober '${prober}' is not valid; probers are ${proberNames.join(', ')}${mend}`)
}

/** A module with the settings of its own prober printed in full, defaults included. */
export const probeModule: Shape<ProbeModule> = {
  ...moduleShape,
  print(module) {
    const prober = probers.find(({ name }) => name === module.prober)
    return moduleShape.print(
      prober === undefined ? module : { ...module, [prober.name]: module[prober.name] ?? prober.config.absent },
    )
  },
}

/** The shape of a config file, blackbox_exporter's own. */
export const blackboxConfig: Shape<BlackboxConfig> = object('Modules of the blackbox exporter.', {
  modules: mapOf('Modules by the name that `module=` asks for.', probeModule),
})
