import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { createTlsFiles } from '../../sandbox/test/faults/support.ts'
import { EnvironmentError } from '../src/environment.ts'
import { readCredentials } from '../src/read-credentials.ts'

let folder: string
const files: Record<string, string> = {}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sspay-credentials-'))
  const [own, other] = [await createTlsFiles(), await createTlsFiles()]
  const texts = {
    cert: own.cert,
    key: own.key,
    otherKey: other.key,
    token: 'canary-token-0001\n',
    short: 'canary',
    lines: 'canary-token-0001\ncanary-token-0002',
    noPem: 'canary',
  }
  for (const [name, text] of Object.entries(texts)) {
    files[name] = join(folder, name)
    await writeFile(files[name], text)
  }
})
after(() => rm(folder, { recursive: true, force: true }))

const secure = 'https://card.example'

/** The value of each variable is the name of a file; `SSPAY_CARD_NETWORK` is left out. */
function read(url: string, named: Readonly<Record<string, string>>) {
  const given = Object.entries(named).map(([name, file]) => [`SSPAY_CARD_NETWORK_${name}`, files[file] ?? ''])
  return readCredentials({ SSPAY_CARD_NETWORK_URL: url, ...Object.fromEntries(given) }, 'cardNetwork')
}

test('without variables there are none', async () =>
  assert.deepEqual(await read('http://card.example', {}), { token: undefined, tls: undefined }))

test('token, client certificate and authority are read from their files', async () => {
  const { token, tls } = await read(secure, { TOKEN_FILE: 'token', TLS_CERT: 'cert', TLS_KEY: 'key', CA: 'cert' })
  assert.equal(token?.expose(), 'canary-token-0001')
  assert.match(tls?.identity?.key.expose() ?? '', /BEGIN PRIVATE KEY/)
  assert.match(tls?.identity?.cert ?? '', /BEGIN CERTIFICATE/)
  assert.match(tls?.ca ?? '', /BEGIN CERTIFICATE/)
  assert.equal((await read(secure, { CA: 'cert' })).tls?.identity, undefined)
})

for (const url of ['http://127.0.0.1:4620/net', 'http://[::1]:4620', 'http://localhost:4620', 'http://net.localhost'])
  test(`a token may go to ${url}`, async () =>
    assert.equal((await read(url, { TOKEN_FILE: 'token' })).token?.expose(), 'canary-token-0001'))

const rejected: readonly (readonly [
  what: string,
  url: string,
  named: Readonly<Record<string, string>>,
  says: RegExp,
])[] = [
  ['a token over http', 'http://card.example', { TOKEN_FILE: 'token' }, /_TOKEN_FILE would be sent unencrypted/],
  ['a token to a name', 'http://localhost.example', { TOKEN_FILE: 'token' }, /_TOKEN_FILE would be sent unencrypted/],
  ['a short token', secure, { TOKEN_FILE: 'short' }, /_TOKEN_FILE must name a file that holds one token/],
  ['two tokens', secure, { TOKEN_FILE: 'lines' }, /_TOKEN_FILE must name a file that holds one token/],
  ['a key alone', secure, { TLS_KEY: 'key' }, /_TLS_CERT must be set together with SSPAY_CARD_NETWORK_TLS_KEY/],
  [
    'a certificate alone',
    secure,
    { TLS_CERT: 'cert' },
    /_TLS_KEY must be set together with SSPAY_CARD_NETWORK_TLS_CERT/,
  ],
  [
    'the key of another',
    secure,
    { TLS_CERT: 'cert', TLS_KEY: 'otherKey' },
    /_TLS_KEY, SSPAY_\w+_TLS_CERT must name PEM files/,
  ],
  ['no certificate', secure, { TLS_CERT: 'noPem', TLS_KEY: 'key' }, /_TLS_KEY, SSPAY_\w+_TLS_CERT must name PEM files/],
  ['no authority', secure, { CA: 'noPem' }, /_CA must name a PEM file of CA certificates/],
  ['an authority for http', 'http://127.0.0.1', { CA: 'cert' }, /_CA has no use with an http:\/\/ address/],
]

for (const [what, url, named, says] of rejected)
  test(`${what} is rejected in two languages, and not quoted`, async () => {
    const cause = await read(url, named).catch((cause: unknown) => cause)
    assert.ok(cause instanceof EnvironmentError, String(cause))
    assert.match(cause.message, /^(SSPAY_\w+).*: .*[가-힣].*\n\1.* [a-z]/)
    assert.match(cause.message, says)
    assert.doesNotMatch(cause.message, /canary/)
  })
