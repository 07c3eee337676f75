import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callKinds, callOutcomes, callResults, warningText } from '@sspay/gateway/tools'
import { encryptionRows, signatureRows } from '../../src/diagnosis/mistakes.ts'
import { explainOutcome } from '../../src/explain/outcome-words.ts'
import { run } from '../command-line/support.ts'

test('explain knows each word of the request log and each state of a notification', async () => {
  for (const word of [
    ...Object.keys(callOutcomes),
    ...callKinds,
    ...callResults,
    ...Object.keys(warningText),
    ...[...signatureRows, ...encryptionRows].map(([id]) => id),
    'Amt',
    'MallReserved',
    'http_404',
    'pending',
    'exhausted',
    'no_endpoint',
    'form_unwritable',
  ])
    assert.match(explainOutcome(word)?.ko ?? '', new RegExp(`^${word}: .`), word)
  assert.equal(explainOutcome('no_such_word'), undefined)
  assert.equal(explainOutcome('http_999'), undefined)
})

test('a failed notification is explained with its cure', async () => {
  const { exitCode, output } = await run(['explain', 'no_ok'])
  assert.equal(exitCode, 1)
  assert.match(output, /no_ok: .*OK를 보내세요/)
  assert.match((await run(['explain', 'exhausted'])).output, /sspay notifications resend/)
})
