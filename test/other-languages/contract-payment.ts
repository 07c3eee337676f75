import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertBuyersVoice } from '../support/buyers-voice.ts'
import type { Fixture } from './fixture.ts'
import { titleOf } from './shop-client.ts'

const paid = '결제했어요'
const once = { charged: 1004, backAgain: 0 }

interface Silence {
  readonly transactionId: string
  readonly endedAfterMs: Promise<number>
}

export function paymentContract(fixture: () => Fixture): void {
  let silence: Silence | undefined

  test('an approval is asked for whose answer will never come', async () => {
    const { newShopClient, sandbox } = fixture()
    const client = newShopClient()
    const orderId = await client.order()
    const form = await client.openForm(orderId)
    const ticket = await client.authenticate(form)
    const fault = { name: 'hang', moment: 'after' } as const
    sandbox.faults.add({ link: 'approval', fault, orderId, timesLeft: 1 })
    const startedAt = performance.now()
    const endedAfterMs = client.comeBack(form.fields.ReturnUrl ?? '', ticket).then((page) => {
      assert.equal(titleOf(page), '결제 결과를 확인하고 있어요')
      return performance.now() - startedAt
    })
    silence = { transactionId: ticket.Tid, endedAfterMs }
  })

  test('a buyer on a PC pays: the window answers to the Callback, whose form goes to the return page', async () => {
    const { client, shop, moved } = fixture()
    const orderId = await client.order()
    const form = await client.openForm(orderId)
    assert.match(form.html, /Callback: function \(res\)[\s\S]*approvalForm\.submit\(\)/)
    assert.match(
      form.html,
      new RegExp(`<form id="approvalForm"[^>]* action="${shop.origin}/return\\?order=${orderId}"`),
    )
    assert.match(form.html, /SmartroPAY-1\.0\.min\.js\?version=\d{12}"/)
    assert.equal(form.fields.Moid, orderId)

    const ticket = await client.authenticate(form)
    assert.deepEqual(await moved(ticket.Tid), { charged: 0, backAgain: 0 }, 'authentication charges nothing')
    const receipt = await client.comeBack(form.fields.ReturnUrl ?? '', ticket)
    assert.equal(titleOf(receipt), paid)
    assert.match(receipt, /<dt>승인번호<\/dt><dd>\d{8}<\/dd>/)
    assert.match(receipt, /신한 940600\*{6}0001/)
    assert.deepEqual(await moved(ticket.Tid), once)
  })

  test('a buyer on a phone pays in place: no Callback', async () => {
    const { client, moved } = fixture()
    const form = await client.openForm(await client.order(), '&device=mobile')
    assert.doesNotMatch(form.html, /Callback|approvalForm/)
    const ticket = await client.authenticate(form, 'mobile')
    assert.equal(titleOf(await client.comeBack(form.fields.ReturnUrl ?? '', ticket)), paid)
    assert.deepEqual(await moved(ticket.Tid), once)
  })

  test('the browser’s name chooses the device where nobody else does', async () => {
    const { client } = fixture()
    const orderId = await client.order()
    const iphone = { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148 Safari/604.1' }
    const page = await (await client.request(`/order?id=${orderId}`, { headers: iphone })).text()
    assert.ok(page.includes('tranMgr') && !page.includes('Callback'))
  })

  test('a payment in EUC-KR: the form, the return and the stop are read', async () => {
    const { client, moved } = fixture()
    const form = await client.openForm(await client.order(), '&charset=euckr&device=mobile')
    assert.deepEqual([form.fields.EncodingType, form.acceptCharset], ['euckr', 'euc-kr'])
    const stopped = await client.post(form.fields.StopUrl ?? '', { GoodsName: '똠방각하 커피 뷁' }, 'euc-kr')
    assert.match(await stopped.text(), /똠방각하 커피 뷁/)

    const ticket = await client.authenticate(form, 'mobile')
    assert.equal(titleOf(await client.comeBack(form.fields.ReturnUrl ?? '', ticket, 'euc-kr')), paid)
    assert.deepEqual(await moved(ticket.Tid), once)
  })

  test('reload, back, and the same post again change nothing', async () => {
    const { client, moved } = fixture()
    const orderId = await client.order()
    const form = await client.openForm(orderId)
    const ticket = await client.authenticate(form)
    const receipts: string[] = []
    for (let visit = 0; visit < 3; visit++)
      receipts.push(withoutNonce(await client.comeBack(form.fields.ReturnUrl ?? '', ticket)))
    receipts.push(withoutNonce(await client.readOrder(orderId)))
    assert.deepEqual(new Set(receipts).size, 1)
    assert.equal(titleOf(receipts[0] ?? ''), paid)
    assert.deepEqual(await moved(ticket.Tid), once)
  })

  test('twenty return posts at once mark the order paid once and charge once', async () => {
    const { client, moved } = fixture()
    const orderId = await client.order()
    const form = await client.openForm(orderId)
    const ticket = await client.authenticate(form)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.post(form.fields.ReturnUrl ?? '', { ...ticket })),
    )
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([303]))
    assert.equal(titleOf(await client.readOrder(orderId)), paid)
    assert.deepEqual(await moved(ticket.Tid), once)
  })

  test('an order is paid once: a second payment of it, from another tab, is never charged', async () => {
    const { client, moved } = fixture()
    const orderId = await client.order()
    const form = await client.openForm(orderId)
    const [first, second] = [await client.authenticate(form), await client.authenticate(form)]
    assert.notEqual(first.Tid, second.Tid)
    await Promise.all([first, second].map((ticket) => client.post(form.fields.ReturnUrl ?? '', { ...ticket })))
    assert.equal(titleOf(await client.readOrder(orderId)), paid)
    const charged = (await Promise.all([first, second].map(({ Tid }) => moved(Tid)))).map((sum) => sum.charged)
    assert.deepEqual(
      charged.sort((one, other) => one - other),
      [0, 1004],
    )
  })

  test('a card that is declined is charged nothing, and the order can be paid again', async () => {
    const { newShopClient, moved } = fixture()
    const client = newShopClient('9406000030950001')
    const orderId = await client.order()
    const form = await client.openForm(orderId)
    const ticket = await client.authenticate(form)
    const page = await client.comeBack(form.fields.ReturnUrl ?? '', ticket)
    assert.match(page, /결제하지 못했어요\. .*<details[^>]*><summary>이유<\/summary>카드사에서 거절했습니다\./s)
    assertBuyersVoice(page)
    assert.deepEqual(await moved(ticket.Tid), { charged: 0, backAgain: 0 })
    await client.post(form.fields.ReturnUrl ?? '', ticket)
    const again = await client.openForm(orderId)
    assert.notEqual((await client.authenticate(again)).Tid, ticket.Tid)
  })

  test('an invented ticket is rejected, and the order waits', async () => {
    const { client, moved } = fixture()
    const orderId = await client.order()
    const form = await client.openForm(orderId)
    const ticket = await client.authenticate(form)
    const forged = await client.comeBack(form.fields.ReturnUrl ?? '', { ...ticket, TrAuthKey: 'f'.repeat(64) })
    assert.match(forged, /거래번호\(Tid\) 또는 인증키\(TrAuthKey\)가 맞지 않습니다\./)
    assertBuyersVoice(forged)
    assert.deepEqual(await moved(ticket.Tid), { charged: 0, backAgain: 0 })
    await client.openForm(orderId)
  })

  test('who stops comes back to an order that waits, and what was posted is only text', async () => {
    const { client } = fixture()
    const orderId = await client.order()
    const { fields } = await client.openForm(orderId)
    const posted = { ...fields, ResultCode: 'S201', ResultMsg: '<script>alert(1)</script>', GoodsName: `"'><b>` }
    const page = await (await client.post(fields.StopUrl ?? '', posted)).text()
    assert.match(page, /결제를 중단했어요/)
    assertBuyersVoice(page)
    assert.doesNotMatch(page, /<script>alert|<b>/)
    assert.match(page, new RegExp(`href="/order\\?id=${orderId}"`))
    await client.openForm(orderId)
  })

  test('an order is seen by who ordered it, and no page can be framed', async () => {
    const { client, newShopClient } = fixture()
    const orderId = await client.order()
    const otherClient = newShopClient()
    await otherClient.order()
    assert.equal((await otherClient.request(`/order?id=${orderId}`)).status, 404)
    const own = await client.request(`/order?id=${orderId}`)
    assert.match(own.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
    assert.equal(own.headers.get('cache-control'), 'no-store')
  })

  test('what cannot be read is answered and charges nothing', async () => {
    const { client } = fixture()
    const orderId = await client.order()
    assert.equal((await client.request('/nothing')).status, 404)
    assert.equal((await client.post('/return?order=nobody', { Tid: 'a', TrAuthKey: 'b' })).status, 404)
    for (const body of [
      '',
      'Tid=&TrAuthKey=',
      `Tid=${'9'.repeat(31)}&TrAuthKey=a`,
      'Tid=a&TrAuthKey=%0A',
      '%%%=%ff&&&',
      `Tid=${'x'.repeat(100_000)}`,
    ]) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await client.request(`/return?order=${orderId}`, { method: 'POST', headers, body })
      assert.ok([303, 400, 413].includes(answer.status), `${answer.status} for ${body.slice(0, 40)}`)
      await client.openForm(orderId)
    }
    const tooMuch = await client.post('/orders', { goods: 'coffee', amount: '1', Amt: '1' })
    const cheap = new URL(tooMuch.headers.get('location') ?? '', 'http://shop').searchParams.get('id') ?? ''
    assert.equal((await client.openForm(cheap)).fields.Amt, '1004', 'the browser has no say in the amount')
    assert.equal((await client.post('/orders', { goods: 'gold' })).status, 400)
  })

  test('what never came is unknown after ten seconds, not failed, and recovery finds the charge', async () => {
    const { recover, moved } = fixture()
    assert.ok(silence)
    const waitedMs = await silence.endedAfterMs
    assert.ok(waitedMs > 9_500, `${waitedMs} ms`)
    assert.match(await recover(), /^pending 0, /)
    assert.deepEqual(await moved(silence.transactionId), once)
  })
}

const withoutNonce = (html: string): string => html.replace(/nonce="[^"]*"/g, '')
