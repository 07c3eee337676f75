import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { EnvironmentError } from '../src/environment.ts'
import { gatewayHelp } from '../src/help.ts'
import { listen } from '../src/listen.ts'
import { startGateway } from '../src/start-gateway.ts'
import { environmentFor, run } from './main-process.ts'

const aNumber = (from: number, to: number): RegExp =>
  RegExp(`: ${from}~${to}의 정수여야 합니다\\. 지금 값: .+\\n.* must be ${from} to ${to}, it is: `)

/** One value for each rule of each variable, and what its rejection says. */
const rejected: readonly (readonly [name: string, value: string, says: RegExp])[] = [
  ['SSPAY_DATA', '', /is not set; see sspay-gateway --help/],
  ['SSPAY_DATA', '/dev/null', /must be a writable folder, it is: \/dev\/null \(EEXIST\)/],
  ['SSPAY_DATA', '/dev/null/below', /must be a writable folder/],
  ['SSPAY_DATABASE_URL', 'mysql://canary@db/sspay', /must be postgres:\/\/user:password@host:port\/database/],
  ...['p@canary@db/sspay', '12/canary@db/sspay', '12?canary@db/sspay', '12#canary@db/sspay', '100%canary@db/sspay'].map(
    (rest) =>
      ['SSPAY_DATABASE_URL', `postgres://user:${rest}`, /with @ \/ \? # % in the password written as %40/] as const,
  ),
  ['SSPAY_CARD_NETWORK_URL', '', /is not set/],
  ['SSPAY_CARD_NETWORK_URL', 'ftp://card', /must be an http:\/\/ or https:\/\/ address, it is: ftp:\/\/card/],
  ['SSPAY_CARD_NETWORK_URL', 'user:canary@card', /must be an http:\/\/ or https:\/\/ address$/m],
  ['SSPAY_IDENTITY_URL', '', /is not set/],
  ['SSPAY_IDENTITY_URL', 'localhost', /must be an http:\/\/ or https:\/\/ address, it is: localhost/],
  [
    'SSPAY_CARD_NETWORK_TOKEN_FILE',
    '/nowhere.txt',
    /names a file that cannot be read \(ENOENT\), it is: \/nowhere\.txt/,
  ],
  ['SSPAY_CARD_NETWORK_TOKEN_FILE', '/dev/null', /must name a file that holds one token of 16 to 4096 letters/],
  ['SSPAY_CARD_NETWORK_TLS_CERT', '/a.pem', /has no use with an http:\/\/ address: make SSPAY_CARD_NETWORK_URL/],
  ['SSPAY_CARD_NETWORK_TLS_KEY', '/a.pem', /has no use with an http:\/\/ address: make SSPAY_CARD_NETWORK_URL/],
  ['SSPAY_CARD_NETWORK_CA', '/a.pem', /has no use with an http:\/\/ address: make SSPAY_CARD_NETWORK_URL/],
  ['SSPAY_IDENTITY_TOKEN_FILE', '/dev/null', /must name a file that holds one token of 16 to 4096 letters/],
  ['SSPAY_IDENTITY_TLS_CERT', '/a.pem', /has no use with an http:\/\/ address: make SSPAY_IDENTITY_URL/],
  ['SSPAY_IDENTITY_TLS_KEY', '/a.pem', /has no use with an http:\/\/ address: make SSPAY_IDENTITY_URL/],
  ['SSPAY_IDENTITY_CA', '/a.pem', /has no use with an http:\/\/ address: make SSPAY_IDENTITY_URL/],
  ['SSPAY_MERCHANTS', '/nowhere.json', /names a file that cannot be read \(ENOENT\), it is: \/nowhere\.json/],
  ['SSPAY_GATEWAY_PORT', '99999', aNumber(0, 65_535)],
  ['SSPAY_GATEWAY_PORT', '-1', aNumber(0, 65_535)],
  ['SSPAY_GATEWAY_PORT', 'off', /leaves no port to listen on: set SSPAY_TLS_KEY and SSPAY_TLS_CERT/],
  ['SSPAY_PUBLIC_HOSTS', 'https://pay.example', /must be host names without a port.*, it is: https:\/\/pay\.example/],
  ['SSPAY_CONSOLE_HOST', '0.0.0.0', /which has no login.*set SSPAY_CONSOLE_BEHIND_LOGIN=on, it is: 0\.0\.0\.0/],
  ['SSPAY_CONSOLE_HOST', '::', /which has no login/],
  ['SSPAY_CONSOLE_BEHIND_LOGIN', 'yes', /must be on or off, it is: yes/],
  ['SSPAY_ALLOW_UNSAFE', 'everything', /may name only: plain-card-network, .*, it is: everything/],
  ['SSPAY_GATEWAY_TLS_PORT', 'https', aNumber(0, 65_535)],
  ['SSPAY_CONSOLE_PORT', '4620.5', aNumber(0, 65_535)],
  ['SSPAY_TLS_KEY', '/nowhere.pem', /SSPAY_TLS_CERT must be set together with SSPAY_TLS_KEY/],
  ['SSPAY_TLS_CERT', '/nowhere.pem', /SSPAY_TLS_KEY must be set together with SSPAY_TLS_CERT/],
  ['SSPAY_CONSOLE_HOSTS', 'ops.example:4620', /must be host names without a port.*, it is: ops\.example:4620/],
  ['SSPAY_PROXY_HOPS', '10', aNumber(0, 9)],
  ['SSPAY_SERVICE_NAME', 'x'.repeat(41), /SSPAY_SERVICE_NAME has at most 40 characters/],
  ['SSPAY_SERVICE_PHONE', 'call us', /must be a phone number such as 1588-0000, it is: call us/],
  ['SSPAY_CONSOLE_USER_HEADER', 'X-User: kim', /must be one HTTP header name, such as X-Forwarded-User/],
  ['SSPAY_UNAUTHENTICATED_DAYS', '0', aNumber(1, 9999)],
  ['SSPAY_LATENCY_TARGET_MS', '0', aNumber(1, 99_999)],
  ['SSPAY_REQUEST_LOG', 'maybe', /must be off, on or days,calls such as 7,50000.*, it is: maybe/],
  ['SSPAY_REQUEST_LOG', '0,50000', /must be off, on or days,calls/],
  ['SSPAY_LOG_LEVEL', 'debug', /must be one of info, warn, error, it is: debug/],
  ['SSPAY_LOG_LEVEL_FILE', '/dev', /names a file that cannot be read \(EISDIR\)/],
  ['SSPAY_WORKERS', 'false', /on 또는 off여야 합니다\. 지금 값: false\n.* must be on or off, it is: false/],
  ['SSPAY_DRAIN_SECONDS', '1000', aNumber(0, 999)],
  ['SSPAY_DRAIN_SECONDS', '-5', aNumber(0, 999)],
  ['SSPAY_DRAIN_SECONDS', '30s', aNumber(0, 999)],
  ['SSPAY_ROOT_KEY', 'canary', /소문자 16진수 64자리여야 합니다\..*\n.* must be 64 lower-case hexadecimal characters/],
  ['SSPAY_ROOT_KEY', `${'a'.repeat(64)},${'a'.repeat(64)}`, /separate several by commas, without duplicates/],
  ['SSPAY_ROOT_KEY_FILE', '/dev/null', /must name a root key file that only its owner can read/],
]

for (const [name, value, says] of rejected)
  test(`${name}=${value}: named with its rule in two languages, nothing opened`, () => rejects({ [name]: value }, says))

async function rejects(change: Readonly<Record<string, string>>, says: RegExp): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  try {
    const cause = await startGateway({ ...environmentFor(folder), ...change }).catch((cause: unknown) => cause)
    assert.ok(cause instanceof EnvironmentError, String(cause))
    assert.match(cause.message, /^(SSPAY_\w+).*: .*[가-힣].*\n\1.* [a-z]/)
    assert.match(cause.message, says)
    assert.doesNotMatch(cause.message, /canary/)
    assert.deepEqual(await readdir(folder), [])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test('the command prints the rule, no stack, and ends with exit code 2', async () => {
  const { ended, output } = run({ ...environmentFor('/dev/null'), SSPAY_GATEWAY_PORT: '99999' })
  assert.equal(await ended, 2, output())
  assert.match(output(), /^sspay-gateway: SSPAY_GATEWAY_PORT: /)
  assert.doesNotMatch(output(), / {4}at /)
})

const onPostgres = { SSPAY_DATABASE_URL: 'postgres://user:canary@127.0.0.1:1/sspay' }

test('on PostgreSQL connections are counted, and the root key must be there', async () => {
  await rejects({ ...onPostgres, SSPAY_DATABASE_CONNECTIONS: '0' }, aNumber(1, 999))
  await rejects({ ...onPostgres, SSPAY_DATABASE_CONNECTIONS: '1e3' }, aNumber(1, 999))
  await rejects(onPostgres, /SSPAY_ROOT_KEY or SSPAY_ROOT_KEY_FILE with a file that exists must be set/)
})

test('every variable of the help that has a rule is tried here', () => {
  const named = [...gatewayHelp.matchAll(/^ {2}(SSPAY_\w+) /gm)].map(([, name = '']) => name)
  // Whether SSPAY_HOST is valid is decided by the operating system, which must have the address.
  const tried = ['SSPAY_HOST', 'SSPAY_DATABASE_CONNECTIONS', ...rejected.map(([name]) => name)]
  assert.ok(named.length >= 18)
  assert.deepEqual(
    named.filter((name) => !tried.includes(name)),
    [],
  )
})

test('files that are no key and certificate are named, and not quoted', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  const file = join(folder, 'wrong.pem')
  await writeFile(file, 'canary')
  await rejects({ SSPAY_TLS_KEY: file, SSPAY_TLS_CERT: file }, /SSPAY_TLS_KEY, SSPAY_TLS_CERT must name PEM files/)
  await rm(folder, { recursive: true, force: true })
})

test('a port that is taken is named with its variable, and may be free at the next try', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sspay-test-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  const taken = await listen({ fetch: async () => new Response(), host: '127.0.0.1', port: 0 })
  t.after(() => taken.close())
  const { port } = new URL(taken.url)
  const cause = await startGateway({ ...environmentFor(folder), SSPAY_GATEWAY_PORT: port }).catch((cause) => cause)
  assert.equal(cause instanceof EnvironmentError, false)
  assert.match(cause.message, RegExp(`SSPAY_GATEWAY_PORT, SSPAY_HOST: cannot listen at 127.0.0.1:${port} .EADDRINUSE`))
})
