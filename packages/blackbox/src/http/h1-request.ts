// SPDX-License-Identifier: Apache-2.0
import { open } from 'node:fs/promises'
import type net from 'node:net'
import { CheckFailed, messageOf } from '@leadline/kit'
import { announcedLength, type Request } from './request.ts'

/** Writes a request. Rejects with CheckFailed when its body's file can't be read; what the socket suffers is the reader's to tell. */
export function writeRequest(socket: net.Socket, request: Request): Promise<void> | undefined {
  if (request.bodyFile !== '') return writeWithFile(socket, request)
  request.bytes ??= Buffer.from(requestHead(request, lengthLine(request)))
  if (request.body === undefined) {
    socket.write(request.bytes)
    return undefined
  }
  socket.cork()
  socket.write(request.bytes)
  socket.write(request.body)
  socket.uncork()
  return undefined
}

function lengthLine(request: Request): string {
  const length = announcedLength(request)
  return length === undefined ? '' : `Content-Length: ${length}\r\n`
}

/** The head in Go's order: Host, User-Agent, length, the rest, and last that no second request follows. */
export function requestHead({ method, host, path, absolute, fields }: Request, length: string): string {
  let head = `${method} ${absolute ?? path} HTTP/1.1\r\nHost: ${host}\r\n`
  let close = 'Connection: close\r\n'
  for (let i = 0; i < fields.length; i++) {
    const [name, value] = fields[i] as readonly [string, string]
    if (i === 0 && name !== 'User-Agent') head += length
    head += `${name}: ${value}\r\n`
    if (i === 0 && name === 'User-Agent') head += length
    if (name === 'Connection' && /\b(close|upgrade)\b/i.test(value)) close = ''
  }
  if (fields.length === 0) head += length
  return `${head}${close}\r\n`
}

async function writeWithFile(socket: net.Socket, request: Request): Promise<void> {
  try {
    const file = await open(request.bodyFile)
    // A method that seldom has a body announces none when the file is empty, as in Go.
    const isNone = bodilessMethods.has(request.method) && (await file.stat()).size === 0
    socket.write(requestHead(request, isNone ? '' : 'Transfer-Encoding: chunked\r\n'))
    // The stream closes the file, whether it is read to its end or left.
    for await (const part of file.createReadStream()) {
      if (socket.destroyed) return
      await writeChunk(socket, part as Buffer)
    }
    if (!isNone) socket.write('0\r\n\r\n')
  } catch (error) {
    throw new CheckFailed('The body file can not be read', { body_file: request.bodyFile, err: messageOf(error) })
  }
}

const bodilessMethods = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'PROPFIND', 'SEARCH'])

/** Resolves when the socket takes more, or is gone. */
function writeChunk(socket: net.Socket, part: Buffer): Promise<void> | undefined {
  socket.cork()
  socket.write(`${part.length.toString(16)}\r\n`)
  socket.write(part)
  const flowing = socket.write('\r\n')
  socket.uncork()
  if (flowing || socket.destroyed) return undefined
  return new Promise((resolve) => {
    const go = (): void => {
      socket.off('drain', go)
      socket.off('close', go)
      resolve()
    }
    socket.on('drain', go)
    socket.on('close', go)
  })
}
