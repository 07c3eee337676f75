import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import sealedBodies from '@sspay/protocol/vectors/sealed-bodies.json' with { type: 'json' }
import vectors from '@sspay/protocol/vectors/signatures.json' with { type: 'json' }
import { mistakesTable } from './mistakes-table.ts'

const guideIn = (language: string): string =>
  readFileSync(resolve(import.meta.dirname, `../../../../docs/guides/${language}/signatures.md`), 'utf8')

for (const language of ['ko', 'en'] as const)
  test(`the guide lists the mistakes that are named, no more and no fewer: ${language}`, () => {
    assert.equal(guideIn(language).split('\n## ').at(-1)?.split('\n\n').at(-1)?.trim(), mistakesTable(language))
  })

const shellBlock = (language: string): string => /```sh\n(MerchantKey=[\s\S]*?)\n```/.exec(guideIn(language))?.[1] ?? ''

const expected = [
  'EncryptData of the payment request',
  'VerifyValue of the member deletion, without a key',
  'HashData of a full cancel',
  'SignValue of an approved payment',
]
  .map((wanted) => vectors.signatures.find(({ name }) => name === wanted)?.expected)
  .concat(sealedBodies.sealedBodies.find(({ name }) => name === 'UTF-8 Hangul')?.expected)

const hasOpenSsl = spawnSync('sh', ['-c', 'openssl version']).status === 0

test('what the guide does with OpenSSL gives the vectors, and says so', { skip: !hasOpenSsl }, () => {
  const ran = spawnSync('sh', ['-eu'], { input: shellBlock('ko'), encoding: 'utf8' })
  assert.equal(ran.stderr, '')
  assert.deepEqual(ran.stdout.trim().split('\n'), expected)
  const said = [...shellBlock('ko').matchAll(/^# \w+ (\S+)$/gm)].map(([, value]) => value)
  assert.deepEqual(said, expected)
  assert.equal(shellBlock('en'), shellBlock('ko'))
})
