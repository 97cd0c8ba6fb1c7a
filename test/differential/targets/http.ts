// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage, ServerResponse } from 'node:http'
import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const greeting = 'hello world'
const large = 'x'.repeat(10_000)

/** What the http and https targets answer, by path. */
const pages: Readonly<Record<string, Handler>> = {
  '/ok': (_, response) => response.end(greeting),
  '/empty': (_, response) => response.writeHead(204).end(),
  '/missing': (_, response) => response.writeHead(404).end('nothing here'),
  '/error': (_, response) => response.writeHead(503).end(greeting),
  '/chunked': (_, response) => {
    response.write('hello ')
    response.end('world')
  },
  '/no-length': (_, response) => {
    response.useChunkedEncodingByDefault = false
    response.removeHeader('transfer-encoding')
    response.write('hello ')
    response.end('world')
  },
  '/truncated': (_, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write(greeting, () => response.socket?.end())
  },
  '/modified': (_, response) => {
    response.setHeader('last-modified', 'Wed, 21 Oct 2015 07:28:00 GMT')
    response.end(greeting)
  },
  '/modified-badly': (_, response) => {
    response.setHeader('last-modified', 'yesterday')
    response.end(greeting)
  },
  '/green': (_, response) => {
    response.setHeader('x-colour', ['yellow', 'green'])
    response.end(greeting)
  },
  '/large': (_, response) => response.end(large),
  '/gzip': encoded('gzip', gzipSync(greeting)),
  '/gzip-large': encoded('gzip', gzipSync(large)),
  '/gzip-broken': encoded('gzip', Buffer.from('this is not gzip')),
  '/br': encoded('br', brotliCompressSync(greeting)),
  '/deflate': encoded('deflate', deflateRawSync(greeting)),
  '/redirect': (_, response) => response.writeHead(302, { location: '/ok' }).end('moved'),
  '/redirect-there': (request, response) => {
    const to = new URL(request.url ?? '', 'http://target').searchParams.get('to') ?? ''
    response.writeHead(301, { location: to }).end('moved')
  },
  '/redirect-nowhere': (_, response) => response.writeHead(302).end('moved'),
  '/redirect-badly': (_, response) => response.writeHead(302, { location: 'http://[::1' }).end(),
  '/redirect-307': (_, response) => response.writeHead(307, { location: '/want-post' }).end(),
  '/redirect-303': (_, response) => response.writeHead(303, { location: '/want-get' }).end(),
  '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/cookie': (request, response) => {
    if (request.headers.cookie === 'seen=yes') response.end(greeting)
    else if (request.headers.cookie) response.writeHead(400).end()
    else response.writeHead(302, { location: '/cookie', 'set-cookie': 'seen=yes; Path=/' }).end()
  },
  '/want-basic': wants(({ headers }) => headers.authorization === `Basic ${btoa('user:secret')}`),
  '/want-bearer': wants(({ headers }) => headers.authorization === 'Bearer token'),
  '/want-get': wants(({ method, headers }) => method === 'GET' && headers['content-length'] === undefined),
  '/want-headers': wants(
    ({ headers }) =>
      headers.host === 'name.example.test' && headers['user-agent'] === 'tester' && headers['x-given'] === 'value',
  ),
  '/want-defaults': wants(
    ({ headers, rawHeaders }) =>
      headers['user-agent']?.startsWith('Blackbox') === true &&
      !('accept' in headers) &&
      !('accept-encoding' in headers) &&
      rawHeaders.includes('close'),
  ),
  '/want-post': (request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      const isWanted = request.method === 'POST' && body === 'ping' && request.headers['content-length'] === '4'
      response.writeHead(isWanted ? 200 : 400).end(body)
    })
  },
  '/want-query': wants(({ url }) => url === '/want-query?a=b%20c&d=%2F'),
  '/silent': () => {},
  '/slow-body': (_, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write(greeting)
  },
}

/** Answers as the page of the path does, unknown paths with 404. */
export const answer: Handler = (request, response) => {
  const page = pages[request.url?.split('?')[0] ?? ''] ?? pages['/missing']
  page?.(request, response)
}

function encoded(encoding: string, body: Buffer): Handler {
  return (_, response) => {
    response.writeHead(200, { 'content-encoding': encoding, 'content-length': body.length })
    response.end(body)
  }
}

function wants(isWanted: (request: IncomingMessage) => boolean): Handler {
  return (request, response) => response.writeHead(isWanted(request) ? 200 : 400).end(greeting)
}
