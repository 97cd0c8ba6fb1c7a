// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path'
import type { Etcd3, IStatusResponse } from 'etcd3'
import { type RunningServer, startServer } from '../../../../test/servers/process.ts'
import type { TcpProxy } from '../../../../test/servers/tcp-proxy.ts'
import { until } from '../../../../test/servers/until.ts'
import { type Access, connect, hexId } from './admin.ts'
import type { Site } from './site.ts'

/** Where a member listens and how it presents itself; URLs without a path. */
export interface MemberPlan {
  readonly name: string
  /** As told to clients and to the member list: that of the proxy when there is one. */
  readonly clientUrl: string
  /** As told to the other members: that of the proxy when there is one. */
  readonly peerUrl: string
  /** Always without TLS. */
  readonly metricsUrl: string
  readonly listenClientUrl: string
  readonly listenPeerUrl: string
  /** Between its clients and itself. */
  readonly clientProxy: TcpProxy | undefined
}

/** A real etcd member. */
export class Member {
  readonly name: string
  readonly clientUrl: string
  readonly peerUrl: string
  readonly metricsUrl: string
  readonly clientProxy: TcpProxy | undefined
  readonly #listenClientUrl: string
  readonly #command: readonly [string, ...string[]]
  #server: RunningServer | undefined
  #client: Etcd3 | undefined
  #id = ''
  #state: 'running' | 'paused' | 'down' = 'down'

  constructor(plan: MemberPlan, { binary, folder }: Pick<Site, 'binary' | 'folder'>, flags: readonly string[]) {
    this.name = plan.name
    this.clientUrl = plan.clientUrl
    this.peerUrl = plan.peerUrl
    this.metricsUrl = plan.metricsUrl
    this.clientProxy = plan.clientProxy
    this.#listenClientUrl = plan.listenClientUrl
    const own = [
      `--name=${plan.name}`,
      `--data-dir=${join(folder.path, plan.name)}`,
      `--listen-client-urls=${plan.listenClientUrl}`,
      `--advertise-client-urls=${plan.clientUrl}`,
      `--listen-peer-urls=${plan.listenPeerUrl}`,
      `--initial-advertise-peer-urls=${plan.peerUrl}`,
      `--listen-metrics-urls=${plan.metricsUrl}`,
    ]
    // It ends with this process even when that is killed by SIGKILL. setpriv becomes etcd, so the pid is etcd's.
    this.#command = ['setpriv', '--pdeathsig', 'KILL', binary, ...own, ...flags]
  }

  /** Hexadecimal, as etcdctl prints it. */
  get id(): string {
    return this.#id
  }

  /** Process ID, another one after each start; 0 before the first. */
  get pid(): number {
    return this.#server?.pid ?? 0
  }

  get isRunning(): boolean {
    return this.#state === 'running'
  }

  /** A client that calls this member alone, past its proxy, as root where there is authentication. */
  get client(): Etcd3 {
    if (!this.#client) throw new Error(`${this.name} has no client yet`)
    return this.#client
  }

  /** All it printed since its last start. */
  output(): string {
    return this.#running.output()
  }

  /** Starts it and waits until it serves clients, which takes a quorum. Throws with all it printed when it does not. */
  async start(): Promise<void> {
    const [command, ...args] = this.#command
    this.#server = await startServer({
      command,
      args,
      isPreferred: true,
      ready: /serving (insecure )?client (requests|traffic)/,
    })
    this.#state = 'running'
  }

  /** Gets it a client that is let in, and learns its ID. */
  async open(access: Access): Promise<void> {
    this.#client?.close()
    const client = connect(this.#listenClientUrl, access)
    this.#client = client
    this.#id = await until(`${this.name} to let its client in`, async () => {
      try {
        return hexId((await client.maintenance.status()).header.member_id)
      } catch (error) {
        // It has not heard yet that it was switched on.
        if (String(error).includes('authentication is not enabled')) return undefined
        throw error
      }
    })
  }

  /** What it says of itself; undefined when it does not answer within a second or is not running. */
  status(): Promise<IStatusResponse | undefined> {
    if (!this.isRunning) return Promise.resolve(undefined)
    return this.client.maintenance.status({ deadline: Date.now() + 1000 }).catch(() => undefined)
  }

  /** Freezes it by SIGSTOP; the kernel goes on accepting connections for it. */
  pause(): void {
    this.#running.signal('SIGSTOP')
    this.#state = 'paused'
  }

  resume(): void {
    this.#running.signal('SIGCONT')
    this.#state = 'running'
  }

  /** Ends it by SIGKILL, paused or not, and waits until it is gone. */
  async kill(): Promise<void> {
    if (!this.#server || this.#state === 'down') return
    this.#server.signal('SIGKILL')
    this.#state = 'down'
    await this.#server.stop()
  }

  /** Kills it where it still runs, and starts it with the data that it left. */
  async restart(): Promise<void> {
    await this.kill()
    await this.start()
  }

  /** Kills it for good and closes what belongs to it. */
  async end(): Promise<void> {
    this.#client?.close()
    await Promise.all([this.kill(), this.clientProxy?.close()])
  }

  get #running(): RunningServer {
    if (!this.#server) throw new Error(`${this.name} was never started`)
    return this.#server
  }
}
