// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { html, page } from '../src/index.ts'

test('what is put into a template is escaped, but for markup of another template', (t) => {
  const evil = `<a href="x">'&`
  const safe = '&lt;a href=&quot;x&quot;&gt;&#39;&amp;'
  t.equal(html`<b title="${evil}">${evil}</b>`.markup, `<b title="${safe}">${safe}</b>`)
  t.equal(html`${[html`<i>${evil}</i>`, evil, 7, ['<']]}!`.markup, `<i>${safe}</i>${safe}7&lt;!`)
  t.equal(html``.markup, '')
  t.end()
})

test('the title of a page is escaped', (t) => {
  t.match(page({ title: '<x>', header: '', main: '' }), '<title>&lt;x&gt;</title>')
  t.end()
})
