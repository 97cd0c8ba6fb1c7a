// SPDX-License-Identifier: Apache-2.0
import { test } from 'tap'
import { parseCertificate } from '../src/tls/certificate.ts'
import { distinguishedName } from '../src/tls/distinguished-name.ts'
import { checkHostName } from '../src/tls/host-name.ts'
import { makeCertificate } from './servers/certificates.ts'
import { der, oid } from './servers/der.ts'

const utf8 = 0x0c
const printable = 0x13
const bmp = 0x1e

type Attribute = readonly [type: string, value: string | Buffer, tag?: number]

/** The content of a Name with one relative distinguished name for each list. */
function name(...sets: readonly (readonly Attribute[])[]): Buffer {
  const attribute = ([type, value, tag = utf8]: Attribute): Buffer =>
    der(0x30, oid(type), der(tag, Buffer.from(value as string)))
  return Buffer.concat(sets.map((set) => der(0x31, ...set.map(attribute))))
}

const [cn, serialNumber, c, l, st, street, o, ou, postalCode] = [
  '2.5.4.3',
  '2.5.4.5',
  '2.5.4.6',
  '2.5.4.7',
  '2.5.4.8',
  '2.5.4.9',
  '2.5.4.10',
  '2.5.4.11',
  '2.5.4.17',
] as const
const email = '1.2.840.113549.1.9.1'
const domainComponent = '0.9.2342.19200300.100.1.25'

test("distinguished names are spelt as by Go's pkix.Name.String", async (t) => {
  const cases: [Buffer, string][] = [
    [name(), ''],
    [name([[cn, 'a']], [[o, 'b']], [[c, 'SE']]), 'CN=a,O=b,C=SE'],
    // The order of the certificate is lost.
    [
      name(
        [[c, 'c']],
        [[st, 'st']],
        [[l, 'l']],
        [[street, 's']],
        [[postalCode, 'p']],
        [[o, 'o']],
        [[ou, 'ou']],
        [[cn, 'cn']],
        [[serialNumber, '1']],
      ),
      'SERIALNUMBER=1,CN=cn,OU=ou,O=o,POSTALCODE=p,STREET=s,L=l,ST=st,C=c',
    ],
    [name([[ou, 'x']], [[cn, 'a']], [[ou, 'y']]), 'CN=a,OU=x+OU=y'],
    [
      name([
        [cn, 'a'],
        [o, 'b'],
      ]),
      'CN=a,O=b',
    ],
    [name([[cn, 'first']], [[cn, 'last']]), 'CN=last'],
    [name([[cn, 'a,b+c"d\\e<f>g;h=i']]), 'CN=a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h=i'],
    [name([[cn, ' a ']]), 'CN=\\ a\\ '],
    [name([[cn, '# #']]), 'CN=\\# #'],
    [name([[o, '']]), 'O='],
    [name([[cn, 'Å日本']]), 'CN=Å日本'],
    [name([[cn, Buffer.from('\u00c5a', 'utf16le').swap16(), bmp]]), 'CN=Åa'],
    [
      name([[cn, 'a', printable]], [[email, 'a@b.example', 0x16]]),
      'CN=a,1.2.840.113549.1.9.1=#0c0b6140622e6578616d706c65',
    ],
    [
      name([[domainComponent, 'example', 0x16]], [[domainComponent, 'a', 0x16]]),
      '0.9.2342.19200300.100.1.25=#130161,0.9.2342.19200300.100.1.25=#13076578616d706c65',
    ],
  ]
  for (const [content, text] of cases) t.equal(distinguishedName(content).text, text)
})

test('a name in another encoding is refused', async (t) => {
  t.throws(() => distinguishedName(name([[cn, Buffer.from([0xff]), utf8]])))
  t.throws(() => distinguishedName(name([[cn, 'a', 0x04]])), { name: 'RangeError' })
})

test("host names match as by Go's VerifyHostname", async (t) => {
  const dns = [
    'a.example',
    '*.b.example',
    'UPPER.example',
    'under_score.example',
    '*',
    'c.*.example',
    '*d.example',
    '-e.example',
  ]
  const certificate = parseCertificate((await makeCertificate({ names: dns, ips: ['192.0.2.1', '2001:db8::1'] })).der)
  const matching = [
    'a.example',
    'A.EXAMPLE',
    'a.example.',
    'x.b.example',
    'upper.example',
    'under_score.example',
    '192.0.2.1',
    '2001:db8::1',
    '2001:DB8:0::1',
    '[2001:db8::1]',
    '::ffff:192.0.2.1',
    // Equal text is taken even when it is no proper host name.
    '*d.example',
    '-e.example',
    'c.*.example',
    '*',
  ]
  const others = [
    'b.example',
    'x.y.b.example',
    'xa.example',
    'example',
    '.b.example',
    'c.x.example',
    'xd.example',
    'a..example',
    '192.0.2.2',
    '2001:db8::2',
    '',
    '.',
    'a.example:443',
  ]
  for (const host of matching) t.doesNotThrow(() => checkHostName(certificate, host), host)
  for (const host of others) t.throws(() => checkHostName(certificate, host), { message: /^x509: / }, host)
})

test('a certificate that is for other hosts says for which', async (t) => {
  const many = Array.from({ length: 100 }, (_, i) => `${i}.example`)
  const cases = [
    [
      { names: ['a.example', 'b.example'] },
      'c.example',
      'x509: certificate is valid for a.example, b.example, not c.example',
    ],
    [{ names: many }, 'c.example', 'x509: certificate is valid for 100 names, but none matched c.example'],
    [
      { ips: ['192.0.2.1'] },
      'c.example',
      'x509: certificate is not valid for any names, but wanted to match c.example',
    ],
    [{ ips: ['192.0.2.1', '::1'] }, '192.0.2.2', 'x509: certificate is valid for 192.0.2.1, ::1, not 192.0.2.2'],
    [
      { names: ['a.example'] },
      '192.0.2.2',
      "x509: cannot validate certificate for 192.0.2.2 because it doesn't contain any IP SANs",
    ],
    [
      { subject: 'CN=a.example' },
      'a.example',
      'x509: certificate relies on legacy Common Name field, use SANs instead',
    ],
  ] as const
  for (const [options, host, message] of cases) {
    const certificate = parseCertificate((await makeCertificate(options)).der)
    t.throws(() => checkHostName(certificate, host), { message })
  }
})
