// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'

/** What a program says of its build; all packages of a release share one version. */
export interface BuildInfo {
  readonly version: string
  /** Commit; `unknown` when the package wasn't made by a release build. */
  readonly revision: string
  readonly branch: string
  /** With its `v`, as Node spells it. */
  readonly nodeVersion: string
  /** Operating system and processor as Go names them, so that a dashboard can join on them. */
  readonly os: string
  readonly arch: string
}

const goOs: Readonly<Record<string, string>> = { win32: 'windows', sunos: 'solaris' }
const goArch: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' }

/** The build of this process. A release build writes `build: { revision, branch }` into the kit's package.json. */
export const buildInfo: BuildInfo = readBuildInfo()

function readBuildInfo(): BuildInfo {
  // From src and from dist alike, package.json is one folder up.
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
    build?: { revision?: string; branch?: string }
  }
  return {
    version: manifest.version,
    revision: manifest.build?.revision ?? 'unknown',
    branch: manifest.build?.branch ?? 'unknown',
    nodeVersion: process.version,
    os: goOs[process.platform] ?? process.platform,
    arch: goArch[process.arch] ?? process.arch,
  }
}

/** What `--version` prints. */
export function versionText(command: string, build: BuildInfo): string {
  return [
    `${command}, version ${build.version} (branch: ${build.branch}, revision: ${build.revision})`,
    `  node version: ${build.nodeVersion}`,
    `  platform:     ${build.os}/${build.arch}`,
    '',
  ].join('\n')
}
