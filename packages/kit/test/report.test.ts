// SPDX-License-Identifier: Apache-2.0
import { fastify } from 'fastify'
import { test } from 'tap'
import { exactOrPart, html, type Parameter, reportRoute, shellWord, table } from '../src/index.ts'

async function ask(url: string, accept = 'text/html', code?: number): Promise<readonly unknown[]> {
  const server = fastify()
  reportRoute('/report', (parameter: Parameter) => ({
    ...(code !== undefined && { code }),
    page: () => `page ${parameter('a') ?? 'of all'}`,
    document: () => ({ a: parameter('a') ?? null }),
  }))(server)
  const { statusCode, headers, body } = await server.inject({ url, headers: { accept } })
  await server.close()
  return [statusCode, headers['content-type'], body]
}

const pageType = 'text/html; charset=utf-8'
const jsonType = 'application/json; charset=utf-8'

test('a report is a page for browsers, and JSON for who asks for it', async (t) => {
  t.strictSame(await ask('/report'), [200, pageType, 'page of all'])
  t.strictSame(await ask('/report', '*/*'), [200, pageType, 'page of all'])
  t.strictSame(await ask('/report', 'application/json, text/html'), [200, pageType, 'page of all'])
  t.strictSame(await ask('/report', 'application/json'), [200, jsonType, '{"a":null}\n'])
  t.strictSame(await ask('/report?format=json'), [200, jsonType, '{"a":null}\n'])
  t.strictSame(await ask('/report?format=html', 'application/json'), [200, pageType, 'page of all'])
  t.strictSame(await ask('/report?format=xml'), [400, 'text/plain; charset=utf-8', 'format is neither json nor html\n'])
  t.strictSame(await ask('/report', 'application/json', 404), [404, jsonType, '{"a":null}\n'])
})

test('a parameter that is given twice is the first one, and one that is empty is none', async (t) => {
  const [, , twice] = await ask('/report?a=x&a=y')
  t.equal(twice, 'page x')
  const [, , empty] = await ask('/report?a=')
  t.equal(empty, 'page of all')
})

test('a search finds the exact ones, or else those with it in their name', (t) => {
  const all = ['prod', 'prod-eu', 'test']
  const found = (asked?: string): readonly string[] => exactOrPart(all, (one) => one, asked)
  t.strictSame(found('prod'), ['prod'])
  t.strictSame(found('pro'), ['prod', 'prod-eu'])
  t.strictSame(found('x'), [])
  t.strictSame(found(), all)
  t.end()
})

test('words of a shell are quoted where they have to be', (t) => {
  t.strictSame(['web-1', 'a/b.c=d', '', '-rf', "it's", 'a b;c\n'].map(shellWord), [
    'web-1',
    'a/b.c=d',
    "''",
    "'-rf'",
    String.raw`'it'\''s'`,
    "'a b;c\n'",
  ])
  t.end()
})

test('a cell has its text, small letters and blocks, and none of them where there are none', (t) => {
  const { markup } = table(
    ['A', 'B', 'C'],
    [[{ text: '<a>', tone: 'bad', more: html`<i>x</i>` }, { text: '' }, { text: '', blocks: html`<p>y</p>` }]],
  )
  t.match(
    markup,
    '<td data-label="A" class=""><span class="bad">&lt;a&gt;</span><small><i>x</i></small></td>' +
      '<td data-label="B" class="none"></td><td data-label="C" class=""><p>y</p></td>',
  )
  t.end()
})
