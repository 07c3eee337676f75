import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { Buyer, buyer, openWindowFixture, returnedFields, testCardNumber } from './buyer.ts'
import { fixture, member, newCustomer, password, returning, useWindow } from './members.ts'
import { requestForm } from './request-form.ts'

useWindow()

describe('the identity option of a merchant', () => {
  const other = { name: '김영희', phone: '01012345678' }
  for (const { option, given, ko, en } of [
    {
      option: 'name',
      given: { name: other.name },
      ko: '본인인증한 이름이 쇼핑몰의 구매자명과 달라요. 구매자 본인의 정보로 다시 인증하거나 중단해 주세요.',
      en: 'The name you verified differs from the buyer’s name in the shop. Verify again as the buyer, or cancel.',
    },
    {
      option: 'phone',
      given: { phone: other.phone },
      ko: '본인인증한 휴대폰 번호가 쇼핑몰의 구매자 연락처와 달라요. 구매자 본인의 번호로 다시 인증하거나 중단해 주세요.',
      en: 'The phone you verified differs from the buyer’s phone in the shop. Verify again with the buyer’s number, or cancel.',
    },
    {
      option: 'name-and-phone',
      given: other,
      ko: '본인인증한 이름과 휴대폰 번호가 쇼핑몰의 구매자 정보와 달라요. 구매자 본인의 정보로 다시 인증하거나 중단해 주세요.',
      en: 'The name and phone you verified differ from the buyer’s in the shop. Verify again as the buyer, or cancel.',
    },
    { option: 'name', given: { phone: other.phone }, ko: undefined, en: undefined },
    { option: 'phone', given: { name: other.name }, ko: undefined, en: undefined },
    { option: 'none', given: other, ko: undefined, en: undefined },
  ] as const) {
    test(`${option}, with another ${Object.keys(given).join(' and ')}: ${ko === undefined ? 'may pay' : 'reads why not'}`, async () => {
      await using strict = await openWindowFixture({ identityMatch: option })
      const window = new Buyer(strict)
      await window.open()
      await window.submit('terms', { agreeAll: 'Y' })
      await window.verify({ ...buyer, ...given })
      if (ko !== undefined) {
        assert.equal(window.page.step, 'identity')
        assert.ok(window.page.text.includes(`<p class="notice danger" role="alert">${ko}</p>`))
        await window.submit('language', { language: 'en' })
        assert.ok(window.page.text.includes(`<p class="notice danger" role="alert">${en}</p>`))
        await window.verify()
      }
      assert.equal(window.page.step, 'card')
    })
  }

  test('does not look at blanks in a name or at the country code of a phone', async () => {
    await using strict = await openWindowFixture({ identityMatch: 'name-and-phone' })
    const window = new Buyer(strict)
    await window.open()
    await window.submit('terms', { agreeAll: 'Y' })
    await window.verify({ ...buyer, name: '홍 길동', phone: '+82 10-9999-1111' })
    assert.equal(window.page.step, 'card')
  })
})

describe('the way out', () => {
  test('a ticket returns with the request, but without its signature and addresses', async () => {
    const asked = { ...newCustomer(), goodsName: '커피', skin: 'BLUE', answerCharset: 'euc-kr' } as const
    const window = await returning(asked)
    await window.join(password)
    await window.submit('confirm')
    assert.equal(window.page.headers.get('referrer-policy'), 'origin', 'a stricter one posts with Origin: null')
    const { Tid, TrAuthKey, ResultCode, ResultMsg, MerReqData = '', ...echoed } = returnedFields(window.page.text)
    assert.match(`${Tid} ${TrAuthKey}`, /^ssptest01m0101\d{16} [0-9a-f]{64}$/)
    assert.deepEqual([ResultCode, ResultMsg], ['0000', '인증 성공'])
    assert.deepEqual(JSON.parse(Buffer.from(MerReqData, 'base64').toString()), echoed)
    const given = Object.fromEntries(Object.entries(echoed).filter(([, value]) => value !== ''))
    const { EncryptData: _, ReturnUrl: _returnUrl, StopUrl: _stopUrl, ...sent } = requestForm(asked)
    assert.deepEqual(given, sent)
    assert.equal(echoed.FnCd, '')
  })

  test('an abort posts exactly the twelve fields to StopUrl', async () => {
    const window = await returning(newCustomer(), { merchantNote: undefined, answerCharset: 'euc-kr' })
    await window.submit('abort')
    assert.match(window.page.text, /action="https:\/\/shop\.example\/stop" accept-charset="euc-kr" data-return="post"/)
    const fields = returnedFields(window.page.text)
    assert.deepEqual(Object.keys(fields), [
      'PayMethod',
      'GoodsName',
      'Amt',
      'Moid',
      'Mid',
      'MallUserId',
      'BuyerName',
      'BuyerTel',
      'BuyerEmail',
      'MallReserved',
      'ResultCode',
      'ResultMsg',
    ])
    assert.equal(fields.ResultCode, 'S201')
    assert.equal(fields.MallReserved, '')
    assert.deepEqual(returnedFields((await window.submit('terms', { agreeAll: 'Y' })).text), fields)
  })

  for (const abortCode of ['W034', 'U999'] as const)
    test(`an abort has the code that the merchant’s shop knows: ${abortCode}; a window without time keeps its own`, async () => {
      await using other = await openWindowFixture({ abortCode })
      const window = new Buyer(other)
      await window.open()
      await window.submit('abort')
      const { ResultCode, ResultMsg } = returnedFields(window.page.text)
      assert.deepEqual([ResultCode, ResultMsg], [abortCode, '사용자가 결제를 중단했습니다.'])
      const late = new Buyer(other)
      await late.open(requestForm(newCustomer()))
      other.clock.advance(other.context.settings.windowLifeMs)
      await late.reload()
      assert.equal(returnedFields(late.page.text).ResultCode, 'S202')
    })

  test('after its time a window says so and offers the way back', async () => {
    await using late = await openWindowFixture()
    const window = new Buyer(late)
    await window.open()
    late.clock.advance(late.context.settings.windowLifeMs)
    await window.submit('terms', { agreeAll: 'Y' })
    assert.match(window.page.text, /결제 시간이 지났어요/)
    assert.match(window.page.text, /data-return="later"/)
    assert.equal(returnedFields(window.page.text).ResultCode, 'S202')
    late.clock.advance(late.context.settings.ticketLifeMs)
    assert.equal((await window.reload()).status, 410)
  })

  test('after its time an abort comes too late: time was the reason', async () => {
    await using late = await openWindowFixture()
    const window = new Buyer(late)
    await window.open()
    late.clock.advance(late.context.settings.windowLifeMs)
    await window.submit('abort')
    assert.equal(returnedFields(window.page.text).ResultCode, 'S202')
  })

  test('a message goes to the origin of the page that opened the window, and to no other', async () => {
    const window = new Buyer(fixture)
    await window.open({ ...requestForm(newCustomer()), SspReturn: 'message' }, { origin: 'https://www.shop.example' })
    assert.match(
      window.page.headers.get('content-security-policy') ?? '',
      /frame-ancestors https:\/\/www\.shop\.example;/,
    )
    assert.equal(window.page.headers.get('x-frame-options'), null)
    // A shop's page with an embedder policy of its own shows the window too.
    assert.equal(window.page.headers.get('cross-origin-embedder-policy'), 'require-corp')
    assert.equal(window.page.headers.get('cross-origin-resource-policy'), 'cross-origin')
    await window.join(password)
    await window.submit('confirm')
    assert.match(
      window.page.text,
      /data-return="message" data-transaction-id="ssptest01m0101\d{16}" data-approval-ticket="[0-9a-f]{64}" data-target-origin="https:\/\/www\.shop\.example"/,
    )
    const message = /data-message="([^"]*)"/.exec(window.page.text)?.[1] ?? ''
    const { type, ...result } = JSON.parse(message.replaceAll('&quot;', '"'))
    assert.equal(type, 'sspay:authenticated')
    assert.deepEqual(Object.keys(result), ['Tid', 'TrAuthKey', 'ResultCode', 'ResultMsg'])
  })

  for (const { name, end, action, code } of [
    { name: 'stopped', end: (window: Buyer) => window.submit('abort'), action: 'stop', code: 'S201' },
    {
      name: 'ran out of time',
      end: (window: Buyer) => {
        fixture.clock.advance(fixture.context.settings.windowLifeMs)
        return window.reload()
      },
      action: 'stop',
      code: 'S202',
    },
  ])
    test(`a window in a layer that ${name} has a form too, for when the page around it is gone`, async () => {
      const window = new Buyer(fixture)
      const request = { ...requestForm(newCustomer()), EncodingType: 'euc-kr', SspReturn: 'message' }
      await window.open(request, { origin: 'https://www.shop.example' })
      await end(window)
      const form = `<form method="post" action="https://shop.example/${action}" accept-charset="euc-kr" data-return="severed" target="_top">`
      assert.ok(window.page.text.includes(form))
      assert.equal(returnedFields(window.page.text).ResultCode, code)
      assert.match(
        window.page.headers.get('content-security-policy') ?? '',
        /form-action 'self' https:\/\/shop\.example https:; frame-ancestors https:\/\/www\.shop\.example;/,
      )
    })

  test('an opaque page origin falls back to that of the ReturnUrl', async () => {
    const window = new Buyer(fixture)
    await window.open({ ...requestForm(newCustomer()), SspReturn: 'message' }, { origin: 'null' })
    assert.match(window.page.headers.get('content-security-policy') ?? '', /frame-ancestors https:\/\/shop\.example;/)
  })
})

describe('every page', () => {
  test('keeps to itself: policy, no store, no sniffing, no referrer, no frame', async () => {
    const window = await returning(newCustomer())
    const { headers, text } = window.page
    const policy = headers.get('content-security-policy') ?? ''
    const nonce = /script-src 'nonce-([0-9a-f]{32})'/.exec(policy)?.[1]
    assert.ok(text.includes(`<script nonce="${nonce}">`))
    for (const part of ["default-src 'none'", "form-action 'self';", "frame-ancestors 'none'", "base-uri 'none'"])
      assert.ok(policy.includes(part), part)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('x-frame-options'), 'DENY')
    assert.equal(headers.get('cross-origin-resource-policy'), null)
  })

  test('shows shop, goods and amount, escaped, and the skin', async () => {
    const window = await returning(newCustomer(), {
      skin: 'GREEN',
      amount: 1_234_567,
      merchantNote: '"><script>x</script>',
    })
    assert.match(window.page.text, /data-skin="GREEN"/)
    for (const part of ['한빛 커피', '거래 상품명 &lt;&amp;&quot;&gt;', '1,234,567원', '결제 중단', '테스트 결제'])
      assert.ok(window.page.text.includes(part), part)
    assert.equal(window.page.text.includes('<script>x'), false)
  })

  test('holds nothing of the buyer, and no digit of the keypad', async () => {
    const customer = newCustomer()
    const window = new Buyer(fixture)
    await window.open(requestForm({ ...customer, buyerPhone: '010-8765-4321', buyerEmail: 'canary@example.com' }))
    await window.join(password)
    const seen = window.pages.map(({ text }) => text).join()
    for (const canary of [
      '8765-4321',
      'canary@example.com',
      testCardNumber,
      '01099991111',
      password,
      buyer.birthDate as string,
    ])
      assert.equal(new RegExp(`\\b${canary}\\b`).test(seen), false, canary)
    for (const page of window.pages.filter(({ text }) => text.includes('data-keypad '))) {
      assert.equal(/data-cell="\d+"[^>]*>\s*\d/.test(page.text), false)
    }
  })

  test('is small and compressed on the wire', async () => {
    const window = await returning(newCustomer())
    const answer = await window.request(window.page.url, { headers: { 'accept-encoding': 'gzip, br' } })
    assert.equal(answer.headers.get('content-encoding'), 'gzip')
    const bytes = new Uint8Array(await answer.arrayBuffer())
    assert.ok(bytes.length < 14 * 1024, `${bytes.length} bytes`)
    assert.match(gunzipSync(bytes).toString(), /약관 동의/)
    const rejected = await window.request(window.page.url, { headers: { 'accept-encoding': 'gzip;q=0' } })
    assert.equal(rejected.headers.get('content-encoding'), null)
  })

  for (const { name, headers, accepted } of [
    { name: 'same-origin', headers: { 'sec-fetch-site': 'same-origin', origin: 'null' }, accepted: true },
    { name: 'typed address', headers: { 'sec-fetch-site': 'none' }, accepted: true },
    { name: 'cross-site', headers: { 'sec-fetch-site': 'cross-site' }, accepted: false },
    { name: 'same-site', headers: { 'sec-fetch-site': 'same-site', origin: 'null' }, accepted: false },
    { name: 'old browser, own origin', headers: { origin: 'http://localhost' }, accepted: true },
    { name: 'old browser, hidden origin', headers: { origin: 'null' }, accepted: true },
    { name: 'old browser, foreign origin', headers: { origin: 'https://evil.example' }, accepted: false },
  ]) {
    test(`a form sent from ${name} is ${accepted ? 'taken' : 'ignored'}`, async () => {
      const window = await returning(newCustomer())
      await window.submit('terms', { agreeAll: 'Y' }, headers)
      assert.equal(window.page.step, accepted ? 'identity' : 'terms')
    })
  }

  test('a picture is for its own session only', async () => {
    const customer = await member()
    const [one, other] = [await returning(customer), await returning(customer)]
    const picture = /<img data-keypad src="\/ssp\/window\/[0-9a-f]+(\/keypad\/[^"]+)"/.exec(one.page.text)?.[1]
    assert.equal((await fixture.app.request(`${one.page.url}${picture}`)).status, 200)
    assert.equal((await fixture.app.request(`${other.page.url}${picture}`)).status, 404)
  })

  test('an unknown token is gone', async () => {
    for (const token of ['0'.repeat(64), 'x', '__proto__'])
      assert.equal((await fixture.app.request(`/ssp/window/${token}`)).status, 410)
  })
})

test('nothing of buyer, card or password lies in the database or in the log in clear', async () => {
  await member()
  const stored = await fixture.readStoredBytes()
  const logged = fixture.lines.join('\n')
  for (const canary of [testCardNumber, '01099991111', '홍길동', 'noname@example.com', password])
    assert.equal(stored.includes(canary) || logged.includes(canary), false, canary)
})
