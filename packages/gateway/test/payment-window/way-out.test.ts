import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openWindowFixture, post, type WindowFixture } from './buyer.ts'
import { requestForm } from './request-form.ts'

let fixture: WindowFixture
before(async () => {
  fixture = await openWindowFixture({ allowedOrigins: ['https://shop.example'] })
})
after(() => fixture.close())

const shop = 'https://shop.example'

async function reject(change: Record<string, string>, headers: Record<string, string> = {}): Promise<string> {
  const { body, method, headers: own } = post({ ...requestForm(), ...change })
  const answer = await fixture.app.request('/ssp/reqPay.do', { method, body, headers: { ...own, ...headers } })
  return answer.text()
}

describe('a rejected request', () => {
  test('tells the buyer one sentence and folds what is for the developer', async () => {
    const text = await reject({ Amt: '1,004' })
    const [forBuyer = '', forDeveloper = ''] = text.slice(text.indexOf('<main')).split('<details')
    assert.match(forBuyer, /<h1>결제를 시작할 수 없어요<\/h1><p>[^<]+결제된 금액은 없으니[^<]+<\/p>/)
    assert.doesNotMatch(forBuyer, /S001|Amt|[A-Za-z]+ field/)
    assert.match(forDeveloper, /S001[\s\S]*거래 금액\(Amt\)[\s\S]*errors\.md#s001/)
    assert.doesNotMatch(text, /<details[^>]* open/)
  })

  test('leads back to the page that posted it, with and without a script', async () => {
    const text = await reject({ Amt: '1,004' }, { origin: shop })
    assert.match(
      text,
      /<a class="button block" href="https:\/\/shop\.example\/" data-close=""[^>]*>쇼핑몰로 돌아가기<\/a>/,
    )
  })

  test('closes the layer', async () => {
    const text = await reject({ PayMethod: 'PAPAY', SspReturn: 'message' }, { origin: shop })
    assert.match(
      text,
      /<button type="button" class="button block" data-close data-message="[^"]*sspay:closed[^"]*" hidden>/,
    )
  })

  test('without a known page says without a script what to do', async () => {
    assert.match(await reject({ Amt: '1,004' }), /<noscript><p class="hint">브라우저의 뒤로 가기를/)
  })
})

test('a window that is gone has a way back too', async () => {
  const gone = await (await fixture.app.request(`/ssp/window/${'0'.repeat(64)}`)).text()
  assert.match(gone, /data-close[^>]*hidden>쇼핑몰로 돌아가기<\/button>[\s\S]*<noscript>/)
})
