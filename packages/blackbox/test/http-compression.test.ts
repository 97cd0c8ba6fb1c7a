// SPDX-License-Identifier: Apache-2.0
import zlib from 'node:zlib'
import { runOnce } from '@leadline/kit/testing'
import { test } from 'tap'
import { http } from '../src/probers/http.ts'
import { httpServer } from './servers/http.ts'

const probe = (target: string, yaml: string) => runOnce(http, { target, yaml })

const text = Buffer.from('a page that says the same again and again. '.repeat(5000))

const coded: Readonly<Record<string, Buffer>> = {
  identity: text,
  gzip: zlib.gzipSync(text),
  br: zlib.brotliCompressSync(text),
  deflate: zlib.deflateRawSync(text),
  zlib: zlib.deflateSync(text),
}

const serve = (body: Uint8Array, extra = '') =>
  Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${extra}Content-Length: ${body.length}\r\n\r\n`), body])

test('bodies are decoded as the module says, whatever the response says', async (t) => {
  for (const [sent, body] of Object.entries(coded)) {
    const server = await httpServer(t, serve(body, sent === 'gzip' ? '' : 'Content-Encoding: nonsense\r\n'))
    for (const compression of ['gzip', 'br', 'deflate', 'identity', '']) {
      const { ending, values } = await probe(server.url(), `compression: "${compression}"`)
      const isPlain = compression === '' || compression === 'identity'
      const isRight = isPlain || compression === sent
      t.equal(ending, isRight ? 'success' : 'failed', `${sent} as ${compression}`)
      t.equal(values['probe_http_content_length'], body.length)
      if (isRight) t.equal(values['probe_http_uncompressed_body_length'], isPlain ? body.length : text.length)
    }
  }
})

test('body rules see the decoded body', async (t) => {
  const server = await httpServer(t, serve(coded['gzip'] as Buffer))
  const yaml = 'compression: gzip\nfail_if_body_not_matches_regexp: ["^a page .* again\\\\. $"]'
  t.equal((await probe(server.url(), yaml)).ending, 'success')
})

test('a coded body that is cut, empty or followed by more', async (t) => {
  const gzip = coded['gzip'] as Buffer
  const rows: readonly (readonly [what: string, body: Uint8Array, compression: string, ending: string])[] = [
    ['cut', gzip.subarray(0, -9), 'gzip', 'failed'],
    ['empty', Buffer.alloc(0), 'gzip', 'failed'],
    ['empty', Buffer.alloc(0), 'deflate', 'failed'],
    ['empty', Buffer.alloc(0), 'br', 'success'],
    ['two members', Buffer.concat([gzip, gzip]), 'gzip', 'success'],
  ]
  for (const [what, body, compression, ending] of rows) {
    const server = await httpServer(t, serve(body))
    const { values, ...result } = await probe(server.url(), `compression: ${compression}`)
    t.equal(result.ending, ending, `${what} ${compression}`)
    if (what === 'two members') t.equal(values['probe_http_uncompressed_body_length'], 2 * text.length)
  }
})

test('HEAD with gzip fails, for there is nothing to decode', async (t) => {
  const server = await httpServer(t, 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n')
  const { ending, values } = await probe(server.url(), 'method: HEAD\ncompression: gzip')
  t.equal(ending, 'failed')
  t.match(values, { probe_http_content_length: 100, probe_http_uncompressed_body_length: 0 })
  t.equal((await probe(server.url(), 'method: HEAD')).ending, 'success')
})

test('the limit counts decoded bytes', async (t) => {
  const server = await httpServer(t, serve(coded['gzip'] as Buffer))
  const { ending, values, records } = await probe(server.url(), 'compression: gzip\nbody_size_limit: 64KB')
  t.equal(ending, 'failed')
  t.equal(values['probe_http_uncompressed_body_length'], 65_536)
  t.match(records.at(-1), { fields: { err: /larger than the limit of 65536 bytes/ } })
  await server.idle()
})
