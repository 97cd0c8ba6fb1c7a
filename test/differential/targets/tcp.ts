// SPDX-License-Identifier: Apache-2.0
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { type SecureContext, TLSSocket } from 'node:tls'
import { listen, type Target } from './listen.ts'

/** Accepts and says nothing. */
export function startSilent(): Promise<Target> {
  return listen(createServer((socket) => socket.resume()))
}

/** Accepts and closes at once. */
export function startClosing(): Promise<Target> {
  return listen(createServer((socket) => socket.end()))
}

/** Says one banner and closes once the caller does. */
export function startBanner(banner: string): Promise<Target> {
  return listen(createServer((socket) => socket.resume().write(banner)))
}

/** Says one banner and closes. */
export function startShortBanner(banner: string): Promise<Target> {
  return listen(createServer((socket) => socket.resume().end(banner)))
}

/** Closes unless the caller comes from 127.0.0.2. */
export function startPicky(): Promise<Target> {
  return listen(
    createServer((socket) => {
      socket.resume().end(socket.remoteAddress === '127.0.0.2' ? 'SSH-2.0-welcome\r\n' : 'go away\r\n')
    }),
  )
}

/** A mail server with STARTTLS, as far as a probe goes. */
export function startMail(secureContext: SecureContext): Promise<Target> {
  return listen(
    createServer((socket) => {
      socket.write('220 mail.example.test ESMTP ready\r\n')
      converse(socket, () => {
        socket.removeAllListeners('data')
        const secured = new TLSSocket(socket, { isServer: true, secureContext })
        secured.on('error', () => secured.destroy())
        converse(secured, () => {})
      })
    }),
  )
}

function converse(socket: Socket, startTls: () => void): void {
  const lines = createInterface({ input: socket })
  lines.on('line', (line) => {
    if (line.startsWith('EHLO ')) {
      socket.write(`250-hello ${line.slice(5)}\r\n250-STARTTLS\r\n250 SIZE 1000\r\n`)
    } else if (line === 'STARTTLS') {
      lines.close()
      socket.write('220 go ahead\r\n')
      startTls()
    } else {
      socket.end('221 bye\r\n')
    }
  })
}
