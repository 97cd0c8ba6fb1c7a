// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import {
  defineExporter,
  defineFlags,
  type ExporterContext,
  type Landing,
  type LogLevel,
  logLevels,
  type Started,
} from '@leadline/kit'
import { type BlackboxConfig, blackboxConfig } from './config.ts'
import { ProbeCounters } from './probe/counters.ts'
import { History } from './probe/history.ts'
import { usualModule } from './probe/request.ts'
import { addProbeRoutes } from './probe/routes.ts'
import { ProbeService } from './probe/service.ts'
import { shownTarget } from './probe/shown-target.ts'

const flags = defineFlags({
  'timeout-offset': {
    type: 'float',
    absent: 0.5,
    help: 'Seconds to subtract from the scrape timeout, so that the answer is there in time.',
  },
  'history.limit': { type: 'uint', absent: 100, help: 'Results kept for /logs, and as many failures beside them.' },
  'log.prober': {
    type: 'string',
    absent: 'info',
    placeholder: 'level',
    help: 'Log lines of probes at this level and above. One of: debug, info, warn, error.',
  },
})

/** The blackbox exporter: a drop-in for blackbox_exporter. */
export const blackbox = defineExporter({
  name: 'blackbox',
  namespace: 'blackbox',
  title: 'Leadline blackbox exporter',
  description: 'Probes sites, names and ports over http, tcp and dns.',
  port: 9115,
  flags,
  config: {
    shape: blackboxConfig,
    usualFile: 'blackbox.yml',
    builtIn: readFileSync(new URL('../blackbox.yml', import.meta.url), 'utf8'),
  },
  catchAll: true,
  start,
})

function start(context: ExporterContext<BlackboxConfig, typeof flags>): Started {
  const { clock, config, registry } = context
  const history = new History(context.flags['history.limit'])
  const counters = new ProbeCounters(registry)
  const logLevel = proberLogLevel(context)
  const log = context.logAt(logLevel)
  const service = new ProbeService({
    clock,
    history,
    counters,
    logLevel,
    sink: ({ level, message, fields }, { moduleName, target }) =>
      log[level](message, { module: moduleName, target: shownTarget(target), ...fields }),
  })
  return {
    routes: (server) =>
      addProbeRoutes(server, {
        config,
        service,
        history,
        timeoutOffsetSeconds: context.flags['timeout-offset'],
        onUnknownModule: () => counters.unknownModule(),
      }),
    landing: () => landing(config(), history),
  }
}

/** A level that is not one only warns, as in the peer. */
function proberLogLevel({ flags: given, log }: ExporterContext<BlackboxConfig, typeof flags>): LogLevel {
  const level = logLevels.find((candidate) => candidate === given['log.prober'])
  if (level === undefined) log.warn('Unknown level of --log.prober, taking info', { level: given['log.prober'] })
  return level ?? 'info'
}

function landing({ modules }: BlackboxConfig, history: History): Landing {
  return {
    form: {
      title: 'Probe a target',
      path: 'probe',
      submit: 'Probe',
      fields: [
        { name: 'target', label: 'Target', placeholder: 'https://example.com' },
        { name: 'module', label: 'Module', choices: moduleNames(modules) },
        { name: 'debug', label: 'Debug page', choices: ['true', 'false'] },
      ],
    },
    sections: [
      {
        title: 'Recent probes',
        columns: ['Module', 'Target', 'Result', 'Seconds', 'Debug'],
        rows: history
          .entries()
          .toReversed()
          .map(({ id, result }) => [
            result.moduleName,
            shownTarget(result.target),
            { text: result.success ? 'Success' : 'Failure', tone: result.success ? 'good' : 'bad' },
            result.durationSeconds.toFixed(3),
            { text: 'Logs', path: `logs?id=${id}` },
          ]),
        empty: 'No probe has run yet.',
      },
    ],
  }
}

/** The usual module first, the others by name. */
function moduleNames(modules: BlackboxConfig['modules']): readonly string[] {
  const others = [...modules.keys()].filter((name) => name !== usualModule).toSorted()
  return modules.has(usualModule) ? [usualModule, ...others] : others
}
