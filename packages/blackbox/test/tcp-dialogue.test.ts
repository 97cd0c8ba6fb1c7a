// SPDX-License-Identifier: Apache-2.0
import type { Socket } from 'node:net'
import { runOnce } from '@leadline/kit/testing'
import * as fc from 'fast-check'
import { type Test, test } from 'tap'
import { tcp } from '../src/probers/tcp.ts'
import { lineReader, type TcpServer, tcpServer, writePieces } from './servers/tcp.ts'

/** A server that says these bytes and then waits for the prober to leave. */
function says(t: Test, ...bytes: (Uint8Array | string)[]): Promise<TcpServer> {
  return tcpServer(t, (socket) => {
    socket.resume()
    return writePieces(socket, bytes)
  })
}

/** A server that says these bytes and closes its side. */
function saysAndEnds(t: Test, bytes: Uint8Array | string): Promise<TcpServer> {
  return tcpServer(t, (socket) => void socket.resume().end(bytes))
}

/** Gauges of a run as `regex bytes`. */
function gauges(values: Readonly<Record<string, number>>): string {
  return `${values['probe_failed_due_to_regex']} ${values['probe_failed_due_to_bytes']}`
}

const ircModule = `query_response:
  - send: NICK prober
  - send: USER prober prober prober :prober
  - expect: "^:[^ ]+ 001"
`

test('IRC: lines are skipped until one matches', async (t) => {
  const received: (string | undefined)[] = []
  const server = await tcpServer(t, async (socket) => {
    const line = lineReader(socket)
    received.push(await line(), await line())
    socket.write(':irc NOTICE AUTH :*** Looking up your hostname...\n:irc.localhost NOTICE x\n:irc 001 prober :Hi\n')
  })
  const { ending, values } = await runOnce(tcp, { target: server.target, yaml: ircModule })
  t.equal(ending, 'success')
  t.equal(gauges(values), '0 0')
  t.strictSame(received, ['NICK prober', 'USER prober prober prober :prober'])
})

test('IRC: an end without a match is the fault of the regexp', async (t) => {
  const server = await tcpServer(t, async (socket) => {
    const line = lineReader(socket)
    await line()
    await line()
    socket.end('ERROR: Your IP address has been blacklisted.\n')
  })
  const { ending, values, records } = await runOnce(tcp, { target: server.target, yaml: ircModule })
  t.equal(ending, 'failed')
  t.equal(gauges(values), '1 0')
  t.equal(records.at(-1)?.message, 'Regexp did not match')
  t.strictSame(records.at(-1)?.fields, { regexp: '^:[^ ]+ 001' })
})

test('what is sent and the labels are filled from the line that matched', async (t) => {
  const received = Promise.withResolvers<string | undefined>()
  const server = await tcpServer(t, async (socket) => {
    socket.write('hello\nSSH-2.0-OpenSSH_6.9p1 Debian-8\r\n')
    received.resolve(await lineReader(socket)())
  })
  const { ending, values } = await runOnce(tcp, {
    target: server.target,
    yaml: `query_response:
  - expect: ^SSH-2.0-(OpenSSH_[^ ]+) (.+)$
    send: CONFIRM \${1} \${2} $$5 $9
    labels:
      - {name: version, value: "\${1}"}
      - {name: comment, value: "($2)"}
      - {name: fixed, value: text}
`,
  })
  t.equal(ending, 'success')
  t.equal(await received.promise, 'CONFIRM OpenSSH_6.9p1 Debian-8 $5 ')
  t.equal(values['probe_expect_info{comment="(Debian-8)",fixed="text",version="OpenSSH_6.9p1"}'], 1)
})

test('what is sent is not filled without expect, and ends in a newline even when it is binary', async (t) => {
  const received = Promise.withResolvers<Buffer>()
  const server = await tcpServer(t, async (socket) => {
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk as Buffer)
    received.resolve(Buffer.concat(chunks))
  })
  const yaml = 'query_response: [{send: "a $1"}, {send: ""}, {send: !!binary AP8=}]'
  const { ending } = await runOnce(tcp, { target: server.target, yaml })
  t.equal(ending, 'success')
  t.strictSame(await received.promise, Buffer.from('a $1\n\x00\xff\n', 'latin1'))
})

test('a template that expands to nothing sends nothing', async (t) => {
  const received = Promise.withResolvers<string | undefined>()
  const server = await tcpServer(t, async (socket) => {
    socket.write('a\n')
    received.resolve(await lineReader(socket)())
  })
  const yaml = 'query_response: [{expect: a, send: "${1}"}, {send: b}]'
  t.equal((await runOnce(tcp, { target: server.target, yaml })).ending, 'success')
  t.equal(await received.promise, 'b')
})

test('bytes that are expected and come, whole or in pieces', async (t) => {
  for (const pieces of [['+PO', 'NG\r\n'], ['+PONG\r\n']]) {
    const server = await says(t, ...pieces)
    const yaml = 'query_response: [{expect_bytes: "+PONG\\r\\n", send: QUIT}]'
    const { ending, values } = await runOnce(tcp, { target: server.target, yaml })
    t.equal(ending, 'success', JSON.stringify(pieces))
    t.equal(gauges(values), '0 0')
  }
})

test('bytes after a line that matched are not lost', async (t) => {
  const server = await says(t, 'ready\n\x00\x01rest\nlast\n')
  const yaml =
    'query_response: [{expect: ready}, {expect_bytes: !!binary AAE=}, {expect: "^rest$"}, {expect: "^last$"}]'
  t.equal((await runOnce(tcp, { target: server.target, yaml })).ending, 'success')
})

test('other bytes than expected are the fault of the bytes', async (t) => {
  const server = await says(t, 'abd')
  const yaml = 'query_response: [{expect_bytes: abc}]'
  const { ending, values, records } = await runOnce(tcp, { target: server.target, yaml })
  t.equal(ending, 'failed')
  t.equal(gauges(values), '0 1')
  t.equal(records.at(-1)?.message, 'Bytes did not match')
  t.strictSame(records.at(-1)?.fields, { expected: '616263', bytes: '616264' })
})

test('an end before enough bytes is the fault of neither', async (t) => {
  const server = await saysAndEnds(t, 'ab')
  const { ending, values, records } = await runOnce(tcp, {
    target: server.target,
    yaml: 'query_response: [{expect_bytes: abc}]',
  })
  t.equal(ending, 'failed')
  t.equal(gauges(values), '0 0')
  t.strictSame(records.at(-1)?.fields, { expected: 3, read: 2 })
})

test('a reset is the fault of neither', async (t) => {
  const server = await tcpServer(t, (socket) => void socket.once('data', () => socket.resetAndDestroy()))
  for (const step of ['expect: a', 'expect_bytes: a']) {
    const yaml = `query_response: [{send: x}, {${step}}]`
    const { ending, values, records } = await runOnce(tcp, { target: server.target, yaml })
    t.equal(ending, 'failed')
    t.equal(gauges(values), '0 0')
    t.equal(records.at(-1)?.message, 'Error reading from connection')
    t.match(records.at(-1)?.fields?.['err'], /ECONNRESET/)
  }
})

test('a last line without a newline counts at the end', async (t) => {
  const server = await saysAndEnds(t, 'first\nlast')
  const yaml = 'query_response: [{expect: "^last$"}]'
  t.equal((await runOnce(tcp, { target: server.target, yaml })).ending, 'success')
})

test('a line without a newline does not count while more can come', async (t) => {
  const server = await says(t, 'SSH')
  const { ending, values } = await runOnce(tcp, {
    target: server.target,
    yaml: 'query_response: [{expect: SSH}]',
    timeoutSeconds: 0.1,
  })
  t.equal(ending, 'timeout')
  t.equal(gauges(values), '0 0')
})

test('the other side may end its half and still be written to', async (t) => {
  const received = Promise.withResolvers<string | undefined>()
  const server = await tcpServer(t, async (socket) => {
    socket.end('bye')
    received.resolve(await lineReader(socket)())
  })
  const yaml = 'query_response: [{expect: bye}, {send: ok}]'
  t.equal((await runOnce(tcp, { target: server.target, yaml })).ending, 'success')
  t.equal(await received.promise, 'ok')
})

test('a line of 64 KiB is read, a longer one is not', async (t) => {
  const yaml = 'query_response: [{expect: end$}]'
  const fits = await says(t, `${'x'.repeat(65_532)}end\n`)
  t.equal((await runOnce(tcp, { target: fits.target, yaml })).ending, 'success')
  const longer = await says(t, `${'x'.repeat(65_533)}end\n`)
  const { ending, values, records } = await runOnce(tcp, { target: longer.target, yaml })
  t.equal(ending, 'failed')
  t.equal(gauges(values), '0 0')
  t.equal(records.at(-1)?.fields?.['err'], 'a line is longer than 65536 bytes')
})

test('a banner of 10,000 lines is read to its end, and not logged to its end', async (t) => {
  const server = await says(t, `${'220-welcome to the machine\r\n'.repeat(9_999)}220 ready\r\n`)
  const { ending, records } = await runOnce(tcp, { target: server.target, yaml: 'query_response: [{expect: "^220 "}]' })
  t.equal(ending, 'success')
  t.equal(records.filter(({ message }) => message === 'Read line').length, 100)
})

test('labels from a binary banner are UTF-8 and bounded', async (t) => {
  const server = await says(
    t,
    Buffer.concat([Buffer.from('SSH-\xff\xfe\x00 ', 'latin1'), Buffer.from(`${'€'.repeat(2000)}\n`)]),
  )
  const yaml = 'query_response: [{expect: "^SSH-([^ ]*) (.*)$", labels: [{name: a, value: $1}, {name: b, value: $2}]}]'
  const { ending, families } = await runOnce(tcp, { target: server.target, yaml })
  t.equal(ending, 'success')
  const info = families.find(({ name }) => name === 'probe_expect_info')
  t.strictSame(info?.samples[0]?.labels, [
    ['a', '\ufffd\ufffd\0'],
    ['b', '€'.repeat(1024)],
  ])
})

test('each entry with labels has its own sample', async (t) => {
  const server = await says(t, 'a 1\nb 2\na 1\n')
  const yaml = `query_response:
  - {expect: "^a (.)", labels: [{name: first, value: $1}]}
  - {expect: "^b (.)", labels: [{name: second, value: $1}]}
  - {expect: "^a (.)", labels: [{name: first, value: $1}]}
`
  const { ending, values } = await runOnce(tcp, { target: server.target, yaml })
  t.equal(ending, 'success')
  t.strictSame(
    Object.keys(values).filter((name) => name.startsWith('probe_expect_info')),
    ['probe_expect_info{first="1"}', 'probe_expect_info{second="2"}'],
  )
})

test('how a banner is split into segments changes nothing', async (t) => {
  const banner = Buffer.from('220-a\r\n220 ready\r\n\x00\x01tail\n', 'latin1')
  let cuts: readonly number[] = []
  const server = await tcpServer(t, (socket: Socket) => {
    socket.resume()
    const places = [0, ...cuts, banner.length]
    return writePieces(
      socket,
      places.slice(1).map((place, i) => banner.subarray(places[i], place)),
    )
  })
  const yaml = `query_response:
  - {expect: "^220 (.*)$", labels: [{name: word, value: $1}]}
  - {expect_bytes: !!binary AAE=}
  - {expect: ^tail$}
`
  const check = async (places: readonly number[]): Promise<boolean> => {
    cuts = places
    const { ending, values } = await runOnce(tcp, { target: server.target, yaml })
    return ending === 'success' && gauges(values) === '0 0' && values['probe_expect_info{word="ready"}'] === 1
  }
  for (let cut = 1; cut < banner.length; cut++) t.ok(await check([cut]), `cut at ${cut}`)
  const place = fc.integer({ min: 1, max: banner.length - 1 })
  const places = fc.uniqueArray(place).map((list) => list.toSorted((a, b) => a - b))
  await fc.assert(fc.asyncProperty(places, check), { numRuns: 50 })
})
