import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createPaymentForm, defineMerchant, type MerchantConfig } from '@sspay/merchant'
import { encodeForm } from '@sspay/protocol/charset'
import { startForCommands } from '../command-line/support.ts'

const sandbox = await startForCommands()
after(() => sandbox.close())

type Shown = Readonly<Record<string, unknown>>
const addForJson = async (...given: readonly string[]) => {
  const json = await sandbox.typeForJson(['merchants', 'add', ...given])
  return json as unknown as { readonly merchant: Shown; readonly secrets: Readonly<Record<string, string>> }
}
const show = async (merchantId: string): Promise<Shown> =>
  (await sandbox.typeForJson(['merchants', 'show', merchantId])).merchant as unknown as Shown

/** Whether a form of this merchant opens a window: the result code of the rejection, or undefined. */
async function rejectionOf(
  config: Pick<MerchantConfig, 'merchantId' | 'easyPayMerchantId' | 'merchantKey'>,
  amount = 1004,
) {
  const merchant = defineMerchant({
    ...config,
    environment: { origin: sandbox.urls.gateway },
    orderSignature: 'off_and_orders_can_be_tampered_with',
  })
  const { action, fields } = createPaymentForm(merchant, {
    orderId: 'A-1',
    amount,
    goodsName: '사과',
    customerId: 'user0001',
    buyerName: '홍길동',
    buyerPhone: '01012345678',
    buyerEmail: 'buyer@shop.example',
    returnUrl: 'http://shop.localhost/return',
    abortUrl: 'http://shop.localhost/abort',
  })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await fetch(action, { method: 'POST', headers, body: encodeForm(fields, 'utf-8') })
  // In the title: a window page has random text in which such letters may stand by chance.
  return /\((S[0-9]{3})\)/.exec(await answer.text())?.[1]
}

test('a new merchant has ids and a key of its own, and can take payments at once', async () => {
  const { merchant, secrets } = await addForJson('--name', '내 상점')
  const [merchantId, easyPayMerchantId] = [String(merchant.merchantId), String(merchant.easyPayMerchantId)]
  assert.match(merchantId, /^shop[a-z0-9]{5}m$/)
  assert.match(secrets.merchantKey ?? '', /^[A-Za-z0-9+/]{86}==$/)
  assert.match(secrets.cancelPassword ?? '', /^[0-9]{6}$/)
  const config = { merchantId, easyPayMerchantId, merchantKey: secrets.merchantKey ?? '' }
  assert.equal(await rejectionOf(config), undefined)
  assert.equal(await rejectionOf({ ...config, merchantKey: 'x'.repeat(88) }), 'S002')
})

test('the key is printed once, as environment variables', async () => {
  const { output } = await sandbox.type([
    '--lang',
    'ko',
    'merchants',
    'add',
    '--mid',
    'shoptest2m',
    '--notify-url',
    'http://localhost:3000/n',
  ])
  const lines = new Map(output.split('\n').map((line) => line.split(/=(.*)/s) as [string, string]))
  const merchantKey = lines.get('SSPAY_MERCHANT_KEY') ?? ''
  assert.equal(merchantKey.length, 88)
  assert.equal(lines.get('SSPAY_MERCHANT_ID'), 'shoptest2m')
  assert.equal(lines.get('SSPAY_ENVIRONMENT'), sandbox.urls.gateway)
  assert.match(lines.get('SSPAY_WEBHOOK_KEYS') ?? '', /^whsec_/)
  for (const given of [
    ['list'],
    ['show', 'shoptest2m'],
    ['set', 'shoptest2m', '--name', 'B'],
    ['list', '--json'],
    ['show', 'shoptest2m', '--json'],
  ]) {
    const later = await sandbox.type(['merchants', ...given])
    assert.ok(later.exitCode === 0 && !later.output.includes(merchantKey.slice(0, 16)), given.join(' '))
  }
  const page = await (await fetch(`${sandbox.urls.console}/sandbox/merchants`)).text()
  assert.ok(page.includes('shoptest2m') && !page.includes(merchantKey.slice(0, 16)))
})

test('the log never shows the key of a merchant that was added later', async () => {
  const { merchant, secrets } = await addForJson()
  const merchantKey = secrets.merchantKey ?? ''
  // The path of a request is logged as it came.
  await fetch(`${sandbox.urls.gateway}/nothing/${merchantKey.slice(0, 60)}`)
  await fetch(`${sandbox.urls.gateway}/nothing/${merchantKey.slice(0, 32)}/${String(merchant.merchantId)}`)
  const log = await readFile(join(sandbox.folder, 'log', 'gateway.log'), 'utf8')
  assert.ok(log.includes(String(merchant.merchantId)), 'the request is in the log')
  assert.ok(!log.includes(merchantKey.slice(0, 32)))
})

test('every setting can be changed alone', async () => {
  const { merchant } = await addForJson('--mid', 'switchshpm', '--name', '처음')
  assert.deepEqual(merchant.notification, null)
  const set = (...given: readonly string[]) => sandbox.typeForJson(['merchants', 'set', 'switchshpm', ...given])
  await set('--identity-match', 'name-and-phone', '--repeated-approval', 'reject')
  await set('--repeated-cancellation', 'reject', '--repeated-deletion', 'reject', '--abort-code', 'U999')
  await set('--legacy-md5', 'on', '--minimum-amount', '5000', '--show-cards', 'on')
  await set('--card-timeout', '3s')
  await set('--allow-origin', 'https://www.shop.example', '--allow-origin', 'http://localhost:3000')
  await set('--interest-free', '2-3@50000', '--interest-free', '04:6@70000')
  await set(
    '--notify-url',
    'http://localhost:3000/notify',
    '--notify-names',
    'legacy',
    '--notify-charset',
    'euc-kr',
    '--notify-interval',
    '7',
  )
  await set('--notify-count', '3')
  const { name, identityMatch, showsCardsBeforePassword, repeatedApproval, ...rest } = await show('switchshpm')
  const { acceptsLegacySignature, minimumAmount } = rest
  assert.partialDeepStrictEqual(rest, {
    repeatedCancellation: 'reject',
    repeatedDeletion: 'reject',
    abortCode: 'U999',
    cardNetworkTimeoutMs: 3_000,
  })
  assert.deepEqual(
    { name, identityMatch, showsCardsBeforePassword, repeatedApproval, acceptsLegacySignature, minimumAmount },
    {
      name: '처음',
      showsCardsBeforePassword: true,
      identityMatch: 'name-and-phone',
      repeatedApproval: 'reject',
      acceptsLegacySignature: true,
      minimumAmount: 5000,
    },
  )
  assert.deepEqual(rest.allowedOrigins, ['https://www.shop.example', 'http://localhost:3000'])
  assert.deepEqual(rest.interestFree, [
    { months: [2, 3], minimumAmount: 50_000 },
    { issuerCode: '04', months: [6], minimumAmount: 70_000 },
  ])
  assert.deepEqual(rest.notification, {
    url: 'http://localhost:3000/notify',
    charset: 'euc-kr',
    fieldNames: 'legacy',
    intervalMinutes: 7,
    maxAttempts: 3,
  })
  await set('--identity-match', 'none', '--identity-verification', 'off')
  assert.equal((await show('switchshpm')).identityVerification, 'off')
  await set('--notify-url', 'none', '--allow-origin', 'any', '--interest-free', 'none', '--legacy-md5', 'off')
  const { notification, allowedOrigins, interestFree } = await show('switchshpm')
  assert.deepEqual(
    { notification, allowedOrigins, interestFree },
    { notification: null, allowedOrigins: [], interestFree: [] },
  )
})

test('a changed setting applies to the next payment', async () => {
  const { merchant, secrets } = await addForJson('--minimum-amount', '2000')
  const config = {
    merchantId: String(merchant.merchantId),
    easyPayMerchantId: String(merchant.easyPayMerchantId),
    merchantKey: secrets.merchantKey ?? '',
  }
  assert.equal(await rejectionOf(config), 'S007')
  await sandbox.typeForJson(['merchants', 'set', config.merchantId, '--minimum-amount', '100'])
  assert.equal(await rejectionOf(config), undefined)
  await sandbox.typeForJson(['merchants', 'set', config.merchantId, '--allow-origin', 'https://www.shop.example'])
  assert.equal(await rejectionOf(config), 'S015')
})

test('the list shows the notification URLs and how to set another', async () => {
  const { output } = await sandbox.type(['--lang', 'en', 'merchants', 'list'])
  const [, given = ''] = /notifications to your shop: sspay (merchants set MID .*)/.exec(output) ?? []
  const added = await sandbox.type(['merchants', 'add', '--mid', 'notifyme1m'])
  assert.equal(added.exitCode, 0)
  const line = given.replace('MID', 'notifyme1m').split(' ')
  assert.equal((await sandbox.type(line)).exitCode, 0)
  const shown = await sandbox.type(['merchants', 'list'])
  assert.match(shown.output, /notifyme1m .*http:\/\/localhost:4700\/pay\/notice\n/)
})

test('the test merchant is shown in both languages', async () => {
  assert.match(
    (await sandbox.type(['--lang', 'ko', 'merchants', 'show', 'ssptest01m'])).output,
    /승인 반복 +처음 응답을 다시 줌\(replay\)/,
  )
  assert.match(
    (await sandbox.type(['--lang', 'en', 'merchants', 'list'])).output,
    /ssptest01m {2}SSPTEST00p {2}SSPay 테스트 상점 +http:\/\/localhost:\d+\/pay\/notify/,
  )
})

const rejected: readonly (readonly [readonly string[], RegExp])[] = [
  [['add', '--mid', 'ssptest01m'], /이미 있는 상점/],
  [['show', 'nobody0001'], /그런 상점이 없습니다/],
  [['set', 'nobody0001', '--name', 'A'], /그런 상점이 없습니다/],
  [['add', '--notify-charset', 'euc-kr'], /url/],
  [['set', 'ssptest01m', '--notify-url', 'http://172.18.0.5:3000/notify'], /--private-networks/],
]
for (const [given, expected] of rejected)
  test(`rejected: merchants ${given.join(' ')}`, async () => {
    const { exitCode, errors } = await sandbox.type(['--lang', 'ko', 'merchants', ...given])
    assert.equal(exitCode, 1)
    assert.match(errors, expected)
  })

const wrong: readonly (readonly string[])[] = [
  ['set', 'ssptest01m'],
  ['set'],
  ['set', 'ssptest01m', '--identity-match', 'maybe'],
  ['set', 'ssptest01m', '--legacy-md5'],
  ['set', 'ssptest01m', '--minimum-amount', '0'],
  ['set', 'ssptest01m', '--allow-origin', 'https://shop.example/path'],
  ['set', 'ssptest01m', '--interest-free', '1-3@50000'],
  ['set', 'ssptest01m', '--interest-free', '99:2@50000'],
  ['set', 'ssptest01m', '--notify-url', 'ftp://x'],
  ['set', 'ssptest01m', '--notify-interval', '61'],
  ['set', 'ssptest01m', '--mid', 'othershp1m'],
  ['add', '--mid', 'short'],
  ['show'],
  ['list', 'more'],
]
for (const given of wrong)
  test(`wrong usage: merchants ${given.join(' ')}`, async () => {
    assert.equal((await sandbox.type(['merchants', ...given])).exitCode, 2)
  })

const unreadable: readonly (readonly [string, unknown, RegExp])[] = [
  ['ssptest01m', { merchantKey: 'x' }, /merchantKey: there is no such field/],
  ['ssptest01m', { merchantId: 'othershp1m' }, /merchantId: there is no such field/],
  ['ssptest01m', { minimumAmount: '100' }, /minimumAmount: 1 to/],
  ['ssptest01m', { notification: { charset: 'latin1' } }, /notification\.charset/],
  ['ssptest01m', [1], /one JSON object/],
]
for (const [merchantId, json, expected] of unreadable)
  test(`the route rejects ${JSON.stringify(json)}`, async () => {
    const answer = await fetch(`${sandbox.urls.console}/sandbox/merchants/records/${merchantId}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(json),
    })
    assert.equal(answer.status, 400)
    assert.match(((await answer.json()) as { error: { en: string } }).error.en, expected)
  })
