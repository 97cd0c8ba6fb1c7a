// SPDX-License-Identifier: Apache-2.0
// The load generator, a process of its own: asks /probe so many times over keep-alive connections, prints JSON.
import { gunzipSync } from 'node:zlib'
import { Pool } from 'undici'

/** What to send. */
export interface LoadOptions {
  readonly origin: string
  /** Asked in turn. */
  readonly paths: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly requests: number
  /** Connections, each with one request under way. */
  readonly concurrency: number
}

/** What came back. */
export interface LoadResult {
  /** Replies other than 200 with `probe_success 1`. */
  readonly failures: number
  /** The first of them, status and body. */
  readonly firstFailure: string | undefined
  readonly seconds: number
  readonly p50Seconds: number
  readonly p99Seconds: number
}

const timeoutHeader = { 'x-prometheus-scrape-timeout-seconds': '10' }

async function load({ origin, paths, headers, requests, concurrency }: LoadOptions): Promise<LoadResult> {
  const pool = new Pool(origin, { connections: concurrency, pipelining: 1 })
  const latencies = new Float64Array(requests)
  let next = 0
  let failures = 0
  let firstFailure: string | undefined
  const worker = async () => {
    while (next < requests) {
      const index = next++
      const path = paths[index % paths.length] ?? ''
      const from = performance.now()
      const reply = await pool.request({ path, method: 'GET', headers: { ...timeoutHeader, ...headers } })
      const bytes = await reply.body.bytes()
      latencies[index] = performance.now() - from
      const body = reply.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : Buffer.from(bytes)
      if (reply.statusCode === 200 && body.includes('\nprobe_success 1')) continue
      failures++
      firstFailure ??= `${reply.statusCode} ${body.toString()}`
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  const seconds = (performance.now() - startedAt) / 1000
  await pool.close()
  latencies.sort()
  const quantile = (q: number) => (latencies[Math.min(requests - 1, Math.floor(q * requests))] ?? 0) / 1000
  return { failures, firstFailure, seconds, p50Seconds: quantile(0.5), p99Seconds: quantile(0.99) }
}

console.log(JSON.stringify(await load(JSON.parse(process.argv[2] ?? '') as LoadOptions)))
