// SPDX-License-Identifier: Apache-2.0

/** Settings as a member's command line gives them; undefined where it does not, as they may be in its environment then. */
export interface CommandLine {
  readonly heartbeatSeconds: number | undefined
  readonly electionSeconds: number | undefined
  /** Negative: no quota. */
  readonly quotaBytes: number | undefined
}

/**
 * Reads the command line on a member's `/debug/vars` page (Go's expvar). Throws Error for a page without one. A member
 * with a config file ignores its flags, so that nothing is known then.
 */
export function readCommandLine(page: string): CommandLine {
  const args = cmdlineOf(page)
  const flags = flagsOf(args.slice(1))
  const number = (name: string): number | undefined => {
    const text = flags.has('config-file') ? '' : (flags.get(name) ?? '')
    return /^-?[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined
  }
  return {
    heartbeatSeconds: seconds(number('heartbeat-interval')),
    electionSeconds: seconds(number('election-timeout')),
    quotaBytes: number('quota-backend-bytes'),
  }
}

function cmdlineOf(page: string): readonly string[] {
  const vars: unknown = JSON.parse(page)
  const args = typeof vars === 'object' && vars !== null && 'cmdline' in vars ? vars.cmdline : undefined
  if (!Array.isArray(args) || !args.every((arg) => typeof arg === 'string')) throw new Error('no command line in it')
  return args
}

/** Flags with their values, as Go's flag package takes them: one dash or two, `=` or the next argument, the last one counts. */
function flagsOf(args: readonly string[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>()
  const end = args.indexOf('--')
  for (const [i, arg] of (end < 0 ? args : args.slice(0, end)).entries()) {
    const [, name, value] = /^--?(?<name>[a-z][a-z-]*)(?:=(?<value>[^]*))?$/.exec(arg) ?? []
    if (name !== undefined) flags.set(name, value ?? args[i + 1] ?? '')
  }
  return flags
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined || milliseconds < 0 ? undefined : milliseconds / 1000
}
