import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { findPayment, listPayments } from '../../src/approval/store.ts'
import { Buyer, openWindowFixture, type WindowFixture } from './buyer.ts'
import { newCustomer } from './members.ts'
import { requestForm } from './request-form.ts'

let fixture: WindowFixture

before(async () => {
  fixture = await openWindowFixture()
})
after(() => fixture.close())

const inLayer = { origin: 'https://www.shop.example' }

interface Opening {
  readonly code: string | null
  readonly window: Buyer
  readonly ignored: unknown
}

async function openWith(change: Readonly<Record<string, string | undefined>>, isInLayer = false): Promise<Opening> {
  const form = { ...requestForm(newCustomer()), ...(isInLayer ? { SspReturn: 'message' } : {}), ...change }
  const given = Object.entries(form).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]]))
  const logged = fixture.lines.length
  const window = new Buyer(fixture)
  await window.open(Object.fromEntries(given), isInLayer ? inLayer : {})
  const line = fixture.lines.slice(logged).find((text) => text.includes('payment_request_fields_ignored'))
  const ignored = line === undefined ? undefined : JSON.parse(line).problems
  return { code: window.page.headers.get('x-sspay-result'), window, ignored }
}

async function storedRequest() {
  const [newest] = await listPayments(fixture.context, { limit: 1 })
  return (await findPayment(fixture.context, newest?.transactionId ?? ''))?.request
}

describe('addresses to which nothing is posted', () => {
  for (const { text, rule } of [
    { text: undefined, rule: 'missing' },
    { text: '', rule: 'missing' },
    { text: '결제중단 URL', rule: 'malformed' },
    { text: '/shop/stop.jsp', rule: 'malformed' },
    { text: 'javascript:alert(1)', rule: 'malformed' },
  ]) {
    test(`${text}: a layer opens without them, a window in place does not`, async () => {
      for (const name of ['ReturnUrl', 'StopUrl']) {
        const { window, ignored } = await openWith({ [name]: text }, true)
        assert.equal(window.page.step, 'terms', name)
        assert.equal(ignored, `${name}:${rule}`)
        assert.equal((await openWith({ [name]: text })).code, 'S001', name)
      }
    })
  }

  test('an abort in a layer without StopUrl sends its message and no form', async () => {
    const { window } = await openWith({ ReturnUrl: '', StopUrl: '' }, true)
    await window.submit('abort')
    assert.match(window.page.text, /data-return="message"[^>]*sspay:aborted/)
    assert.doesNotMatch(window.page.text, /<form[^>]*data-return/)
    assert.match(window.page.headers.get('content-security-policy') ?? '', /form-action 'self';/)
  })

  test('an address has up to 200 characters', async () => {
    const address = `https://shop.example/${'a'.repeat(179)}`
    assert.equal((await openWith({ ReturnUrl: address })).window.page.step, 'terms')
    assert.equal((await openWith({ ReturnUrl: `${address}a` })).code, 'S001')
  })
})

describe('the buyer’s phone and e-mail', () => {
  test('may be empty or absent; the log and the abort say so', async () => {
    for (const nothing of ['', undefined]) {
      const { window, ignored } = await openWith({ BuyerTel: nothing, BuyerEmail: nothing })
      assert.equal(ignored, 'BuyerTel:missing BuyerEmail:missing')
      await window.submit('abort')
      assert.match(window.page.text, /name="BuyerTel" value="">\s*<input type="hidden" name="BuyerEmail" value=""/)
    }
  })

  test('a merchant that compares the phone has to send it', async () => {
    await using comparing = await openWindowFixture({ identityMatch: 'name-and-phone' })
    const window = new Buyer(comparing)
    await window.open({ ...requestForm(), BuyerTel: '' })
    assert.match(window.page.text, /"field":"BuyerTel","rule":"missing"/)
    await window.open({ ...requestForm(), BuyerEmail: '' })
    assert.equal(window.page.step, 'terms')
  })
})

describe('a field on which nothing depends', () => {
  for (const [name, text, rule] of [
    ['UserIp', '2001:0db8:85a3:0000:0000:8a2e:0370:7334', 'too_long'],
    ['UserIp', 'unknown', 'malformed'],
    ['MallIp', '1.2.3.4, 5.6.7.8', 'malformed'],
    ['MallIp', '1.2.3.4\n', 'malformed'],
    ['SkinColor', 'dark red', 'malformed'],
    ['TransType', '00', 'too_long'],
  ] as const) {
    test(`${name} ${JSON.stringify(text)} is left out and logged`, async () => {
      const { window, ignored } = await openWith({ [name]: text })
      assert.equal(window.page.step, 'terms')
      assert.equal(ignored, `${name}:${rule}`)
    })
  }

  test('an IPv4 address inside an IPv6 one is unmapped', async () => {
    assert.equal((await openWith({ UserIp: '::ffff:203.0.113.5' })).ignored, undefined)
    assert.equal((await storedRequest())?.buyerIp, '203.0.113.5')
    await openWith({ UserIp: '::FFFF:203.110.113.115' })
    assert.equal((await storedRequest())?.buyerIp, '203.110.113.115')
  })
})

describe('tax amounts', () => {
  test('zero is as good as none, in any number of them', async () => {
    for (const amounts of [{ TaxAmt: '0', TaxFreeAmt: '0', VatAmt: '0' }, { VatAmt: '0' }])
      assert.doesNotMatch((await openWith(amounts)).window.page.text, /<details class="split">|data-rejection/)
    assert.equal((await openWith({ TaxAmt: '900', TaxFreeAmt: '0', VatAmt: '0' })).code, 'S008')
  })
})

describe('text, e-mail and phone as people write them', () => {
  test('decomposed Hangul is composed before its length and its charset count', async () => {
    const name = '홍길동'.repeat(10)
    const { window } = await openWith({ BuyerName: name.normalize('NFD'), EncodingType: 'euckr' })
    assert.equal(window.page.step, 'terms')
    assert.equal((await storedRequest())?.buyerName, name)
  })

  for (const [name, text] of [
    ['BuyerEmail', "o'brien@example.com"],
    ['BuyerEmail', ' noname@example.com '],
    ['BuyerTel', '010.1234.5678'],
    ['BuyerTel', '(02)1234-5678'],
    ['BuyerTel', '02)1234-5678'],
    ['BuyerTel', '(+82) 10-1234-5678'],
    ['BuyerTel', '02-1234-5678~9'],
    ['BuyerTel', '０１０－１２３４－５６７８'],
    ['BuyerTel', '\u202D010\u20131234\u20135678\u202C'],
  ] as const) {
    test(`${name} ${text}`, async () => {
      const { window, ignored } = await openWith({ [name]: text, EncodingType: 'euckr' })
      assert.deepEqual([window.page.step, ignored], ['terms', undefined])
    })
  }
})
