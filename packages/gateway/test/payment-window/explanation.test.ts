import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { openWindowFixture, post, type WindowFixture } from './buyer.ts'
import { registrationForm } from './registration-form.ts'
import { merchantKey, requestForm } from './request-form.ts'

let sandbox: WindowFixture
before(async () => {
  sandbox = await openWindowFixture()
})
after(() => sandbox.close())

const hexForm = (): Record<string, string> => {
  const form: Record<string, string> = { ...requestForm() }
  const joined = `${form.EdiDate}${form.Mid}${form.Amt}${merchantKey}`
  return { ...form, EncryptData: createHash('sha256').update(joined).digest('hex') }
}

test('a sandbox explains a wrong signature, on the page and in the log', async () => {
  const answer = await sandbox.app.request('/ssp/reqPay.do', post(hexForm()))
  const text = await answer.text()
  assert.match(text, /16진수로 썼습니다/)
  assert.match(text, /is written in hexadecimal/)
  assert.match(text, /&lt;MerchantKey&gt;/)
  assert.ok(text.indexOf('16진수로') < text.indexOf('확인할 값'), 'the explanation is first')
  assert.deepEqual(JSON.parse(/data-rejection>(.*?)<\/script>/s.exec(text)?.[1] ?? '{}').signature, ['hex'])
  assert.match(sandbox.lines.at(-1) ?? '', /"signatureMistakes":"hex"/)
  assert.ok(!`${text}${sandbox.lines.at(-1)}`.includes(merchantKey.slice(0, 8)))
})

test('a sandbox explains a wrong checksum of a request for a bill key', async () => {
  const checksum = createHash('sha256').update('anything').digest('hex')
  const answer = await sandbox.app.request('/ssb/interface.do', post({ ...registrationForm(), VerifyValue: checksum }))
  const text = await answer.text()
  assert.deepEqual(JSON.parse(/data-rejection>(.*?)<\/script>/s.exec(text)?.[1] ?? '{}').signature, ['hex'])
  assert.match(sandbox.lines.at(-1) ?? '', /"bill_key_request_rejected".*"signatureMistakes":"hex"/)
})

test('outside a sandbox a wrong signature is not explained, on the page or in the log', async () => {
  await using production = await openWindowFixture(
    { allowedOrigins: ['https://shop.example'] },
    { settings: { isSandbox: false } },
  )
  const answer = await production.app.request('/ssp/reqPay.do', post(hexForm()))
  const text = `${await answer.text()}${production.lines.at(-1)}`
  assert.doesNotMatch(text, /16진수로|hexadecimal|signatureMistakes/)
})
