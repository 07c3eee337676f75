import assert from 'node:assert/strict'
import { test } from 'node:test'
import { callKinds, callOutcomes, callResults, warningText } from '@sspay/gateway/tools'
import { encryptionRows } from '../../src/diagnosis/explain-sealed-body.ts'
import { signatureRows } from '../../src/diagnosis/explain-signature.ts'
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

const cures: readonly (readonly [word: string, ko: RegExp, en: RegExp])[] = [
  ['no_ok', /OK라는 낱말이 없습니다\. .*OK를 보내세요/, /without the word OK: answer OK/],
  ['timed_out', /제한 시간 안에.*바로 OK를 보내고/, /not complete in time: .*answer OK at once/],
  ['connection_failed', /응답하는 서버가 없습니다\. .*실행 중인지/, /no server answers.*check that the shop runs/],
  ['address_rejected', /사설망.*--private-networks/, /private network: .*--private-networks/],
  ['circuit_open', /연달아 응답이 없어.*저절로/, /no answer; calls go on by themselves/],
  ['http_404', /HTTP 404로 응답했습니다\. .*통보 URL의 경로를/, /status 404\. .*check the path of its URL/],
  ['no_endpoint', /통보할 URL이 없습니다\. .*--notify-url/, /no notification URL.*--notify-url/],
]
for (const [word, ko, en] of cures)
  test(`a notification that was not delivered is explained with cause and cure: ${word}`, () => {
    assert.match(explainOutcome(word)?.ko ?? '', ko)
    assert.match(explainOutcome(word)?.en ?? '', en)
  })

test('a failed notification is explained with its cure', async () => {
  const { exitCode, output } = await run(['explain', 'no_ok'])
  assert.equal(exitCode, 1)
  assert.match(output, /no_ok: .*OK를 보내세요/)
  assert.match((await run(['explain', 'exhausted'])).output, /sspay notifications resend/)
})
