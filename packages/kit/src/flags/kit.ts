// SPDX-License-Identifier: Apache-2.0
import { logLevels } from '../log.ts'
import { defineFlags, type FlagGroup, type FlagTable } from './table.ts'

const configFlags = defineFlags({
  'config.file': {
    type: 'string',
    absent: '',
    placeholder: 'file',
    help: 'Configuration file (YAML). Without it the built-in configuration counts.',
  },
  'config.check': {
    type: 'bool',
    absent: false,
    help: 'Check the configuration and exit: 0 when it is right, else 1.',
  },
  'config.enable-auto-reload': {
    type: 'bool',
    absent: false,
    help: 'Read the configuration file again by itself when its content changes.',
  },
  'config.auto-reload-interval': {
    type: 'uint',
    absent: 30,
    help: 'Seconds between two looks at the configuration file.',
  },
})

const logFlags = defineFlags({
  'log.level': {
    type: 'string',
    words: logLevels,
    absent: 'info',
    help: 'Only log at this level and above. One of: debug, info, warn, error.',
  },
  'log.format': {
    type: 'string',
    words: ['logfmt', 'json'],
    absent: 'logfmt',
    help: 'How log lines are written. One of: logfmt, json.',
  },
})

const webFlags = defineFlags({
  'web.listen-address': {
    type: 'string',
    many: true,
    absent: [],
    placeholder: 'host:port',
    help: 'Address to serve on. May be given several times.',
  },
  'web.systemd-socket': {
    type: 'bool',
    absent: false,
    help: 'Serve on the sockets that systemd hands over, instead of on addresses (Linux).',
  },
  'web.config.file': {
    type: 'string',
    absent: '',
    placeholder: 'file',
    help: "TLS, client certificates, users, rate limit and headers, in exporter-toolkit's format.",
  },
  'web.external-url': {
    type: 'string',
    absent: '',
    placeholder: 'url',
    help: 'URL under which this exporter is reached from outside, for example through a reverse proxy.',
  },
  'web.route-prefix': {
    type: 'string',
    absent: '',
    placeholder: 'path',
    help: 'Prefix of every path that is served. Without it, the path of --web.external-url.',
  },
  'web.telemetry-path': { type: 'string', absent: '/metrics', help: 'Path of the metrics page.' },
  'web.max-requests': {
    type: 'uint',
    absent: 40,
    help: 'Metrics pages served at one time; more are answered with 503. 0 is no limit.',
  },
  'web.disable-exporter-metrics': {
    type: 'bool',
    absent: false,
    help: 'Leave metrics about the exporter itself (promhttp_*, process_*, nodejs_*) out of the metrics page.',
  },
})

/** The flags that every exporter has. */
export const kitFlags = defineFlags({ ...configFlags, ...logFlags, ...webFlags })

/** Type of the flags that every exporter has. */
export type KitFlags = typeof kitFlags

/** All flags of an exporter that listens on `port`, its own ones first. */
export function flagGroups(title: string, own: FlagTable, port: number): readonly FlagGroup[] {
  const listen = { ...webFlags['web.listen-address'], absent: [`:${port}`] }
  return [
    { title, flags: own },
    { title: 'Config', flags: configFlags },
    { title: 'Log', flags: logFlags },
    { title: 'Web', flags: { ...webFlags, 'web.listen-address': listen } },
  ]
}
