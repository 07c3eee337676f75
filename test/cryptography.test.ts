import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { readSources, repository, type SourceFile, sourceFile } from './source/files.ts'
import { importsOf } from './source/imports.ts'

const providers = /^(?:node:crypto|@node-rs\/argon2|@simplewebauthn\/server)$/

/** A kind of key of `docs/security/controls.md`, or what needs no key. */
const uses = {
  rootKey: 'root key',
  pepper: 'pepper',
  merchantKey: 'MerchantKey',
  webhookKeys: 'webhook keys',
  shop: 'order signature, return state',
  passkeys: 'keys of passkeys',
  tls: 'TLS keys',
  /** Digests of what is public: pages for a policy, files, events, the key of a duplicate. */
  digest: undefined,
  random: undefined,
} as const

/** Every file that uses cryptography, and for what. */
const inventory: Readonly<Record<string, keyof typeof uses>> = {
  'packages/protocol/src/signature.ts': 'merchantKey',
  'packages/protocol/src/sealed-body.ts': 'merchantKey',
  'packages/merchant/src/cancel-password.ts': 'digest',
  'packages/merchant/src/merchant-environment.ts': 'digest',
  'packages/merchant/src/notification.ts': 'digest',
  'packages/merchant/src/billing-order-id.ts': 'digest',
  'packages/merchant/src/bound-encryption.ts': 'shop',
  'packages/merchant/src/order-signature.ts': 'shop',
  'packages/merchant/src/receive-return.ts': 'digest',
  'packages/merchant/src/checkout/form-page.ts': 'digest',
  'packages/merchant/src/webhook-signature.ts': 'webhookKeys',
  'packages/gateway/src/keyring.ts': 'rootKey',
  'packages/gateway/src/members/password-hash.ts': 'pepper',
  'packages/gateway/src/approval/ticket.ts': 'digest',
  'packages/gateway/src/vault/bill-keys/store.ts': 'digest',
  'packages/gateway/src/event-chain.ts': 'digest',
  'packages/gateway/src/storage/postgres-transaction.ts': 'digest',
  'packages/gateway/src/check-command.ts': 'tls',
  'packages/gateway/src/telemetry/machine-gauges.ts': 'tls',
  'packages/gateway/src/archive/file.ts': 'digest',
  'packages/gateway/src/notifications/deliver.ts': 'webhookKeys',
  'packages/gateway/src/passkeys/challenge.ts': 'digest',
  'packages/gateway/src/passkeys/authentication.ts': 'passkeys',
  'packages/gateway/src/passkeys/registration.ts': 'passkeys',
  'packages/gateway/src/read-credentials.ts': 'tls',
  'packages/gateway/src/listen.ts': 'tls',
  'packages/gateway/src/read-addresses.ts': 'tls',
  'packages/gateway/src/unsafe-settings.ts': 'digest',
  'packages/gateway/src/runtime.ts': 'random',
  'packages/gateway/src/front-page.ts': 'digest',
  'packages/gateway/src/gateway.ts': 'digest',
  'packages/gateway/src/console/frame.ts': 'digest',
}

/** The exceptions are those of the wire, and guard nothing at rest. */
const allowed = /^(?:aes-256-gcm|sha256)$/
const exceptions: Readonly<Record<string, RegExp>> = {
  'packages/protocol/src/sealed-body.ts': /^aes-256-cbc$/,
  'packages/protocol/src/signature.ts': /^md5$/,
}
const algorithm =
  /^(?:(?:aes|des|aria|seed|chacha20|rc[245]|bf|camellia)[\w-]*|md[45]|sha[\d-]+\w*|ripemd\w*|blake\w*)$/i

const published = readSources('packages/{protocol,browser,merchant,gateway}/src/**/*.ts')

const usesCryptography = (file: SourceFile): boolean =>
  importsOf(file).some(({ specifier }) => providers.test(specifier)) ||
  file.tokens.some(({ kind, text }) => kind === 'word' && text === 'subtle')

/** Algorithms that a file names and may not use. */
const strangeAlgorithms = ({ path, tokens }: SourceFile): readonly string[] =>
  tokens
    .filter(({ kind, text }) => kind === 'text' && algorithm.test(text))
    .map(({ text }) => text)
    .filter((text) => !allowed.test(text) && !exceptions[path]?.test(text))

test('every file that uses cryptography is in the inventory, and the inventory names no other', () => {
  const found = published.filter(usesCryptography).map(({ path }) => path)
  assert.deepEqual(found.sort(), Object.keys(inventory).sort())
  const controls = readFileSync(resolve(repository, 'docs/security/controls.md'), 'utf8')
  for (const key of Object.values(uses)) assert.ok(key === undefined || controls.includes(`| ${key}`), key)
})

test('ciphers and digests are those of the inventory', () => {
  const strange = published
    .filter(({ path }) => inventory[path] !== undefined)
    .flatMap((file) => strangeAlgorithms(file).map((name) => `${file.path}: ${name}`))
  assert.deepEqual(strange, [])
})

test('injected cryptography is found', () => {
  const text = "import { createCipheriv } from 'node:crypto'\nexport const a = createCipheriv('aes-128-ecb', b, c)\n"
  const injected = sourceFile('packages/gateway/src/injected.ts', text)
  assert.ok(usesCryptography(injected))
  assert.deepEqual(strangeAlgorithms(injected), ['aes-128-ecb'])
  const dynamic = "const { createHash } = await import('node:crypto')\n"
  assert.ok(usesCryptography(sourceFile('packages/gateway/src/injected.ts', dynamic)))
})
