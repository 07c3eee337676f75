import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeForm } from '@sspay/protocol/charset'
import { readForms } from '../../packages/sandbox/src/buyer/html-forms.ts'
import { WindowRejection } from '../../packages/sandbox/src/buyer/walk-window.ts'
import type { Fixture } from './fixture.ts'
import { type ShopClient, titleOf, valuesOf } from './shop-client.ts'

const paid = '결제했어요'
const cancelled = '취소된 주문이에요'

async function payOrder(client: ShopClient): Promise<{ readonly orderId: string; readonly Tid: string }> {
  const orderId = await client.order()
  const form = await client.openForm(orderId)
  const ticket = await client.authenticate(form)
  assert.equal(titleOf(await client.comeBack(form.fields.ReturnUrl ?? '', ticket)), paid)
  return { orderId, Tid: ticket.Tid }
}

const postAsAdmin = (
  { asAdmin }: Fixture,
  action: string,
  fields: Readonly<Record<string, string>>,
): Promise<Response> => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return asAdmin(action, { method: 'POST', headers, body: encodeForm(fields, 'utf-8') })
}

/** Presses the button of the administrator's page whose form has this action and value. */
export async function pressButton(fixture: Fixture, action: string, value: string): Promise<Response> {
  const page = await (await fixture.asAdmin('/admin')).text()
  const forms = readForms(page).filter(({ attributes }) => attributes.action === action)
  const fields = forms.map(valuesOf).find((each) => Object.values(each).includes(value))
  assert.ok(fields, `no button ${action} for ${value}`)
  return postAsAdmin(fixture, action, fields)
}

export function moneyBackContract(fixture: () => Fixture): void {
  const pressed = (action: string, value: string): Promise<Response> => pressButton(fixture(), action, value)
  const press = (action: string, fields: Readonly<Record<string, string>>): Promise<Response> =>
    postAsAdmin(fixture(), action, fields)

  test('an amount that the browser has changed opens no window', async () => {
    const { client } = fixture()
    const form = await client.openForm(await client.order())
    const cheaper = { ...form, fields: { ...form.fields, Amt: '100' } }
    await assert.rejects(client.authenticate(cheaper), WindowRejection)
  })

  test('a full cancel gives the money back once, however often it is pressed', async () => {
    const { client, moved } = fixture()
    const { orderId, Tid } = await payOrder(client)
    const page = await (await fixture().asAdmin('/admin')).text()
    const fields =
      readForms(page)
        .map(valuesOf)
        .find((each) => each.order === orderId) ?? {}
    const answers = await Promise.all([press('/admin/cancel', fields), press('/admin/cancel', fields)])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [303, 303],
    )
    assert.equal(titleOf(await client.readOrder(orderId)), cancelled)
    await press('/admin/cancel', fields)
    assert.deepEqual(await moved(Tid), { charged: 1004, backAgain: 1004 })
  })

  test('a cancel whose answer is lost is asked for again, and gives back once', async () => {
    const { client, sandbox, moved, recover } = fixture()
    const { orderId, Tid } = await payOrder(client)
    sandbox.faults.add({ link: 'cancel', fault: { name: 'reset-after' }, orderId, timesLeft: 1 })
    await pressed('/admin/cancel', orderId)
    assert.equal(titleOf(await client.readOrder(orderId)), '취소하고 있어요')
    assert.match(await recover(), /refunding 0/)
    assert.equal(titleOf(await client.readOrder(orderId)), cancelled)
    assert.deepEqual(await moved(Tid), { charged: 1004, backAgain: 1004 })
  })

  test('only an administrator on the shop’s own page cancels, deletes or recovers', async () => {
    const { client, moved, asAdmin } = fixture()
    const { orderId, Tid } = await payOrder(client)
    for (const path of ['/admin', '/admin/cancel', '/admin/reopen', '/admin/member', '/recover']) {
      const method = path === '/admin' ? 'GET' : 'POST'
      const wrong = { authorization: `Basic ${Buffer.from('admin:wrong').toString('base64')}` }
      assert.equal((await client.request(path, { method })).status, 401, path)
      assert.equal((await client.request(path, { method, headers: wrong })).status, 401, path)
    }
    for (const fields of [{ order: orderId }, { order: orderId, token: '' }, { order: orderId, token: '0'.repeat(64) }])
      assert.equal((await press('/admin/cancel', fields)).status, 403)
    const ofMember = readForms(await (await asAdmin('/admin')).text()).find(
      ({ attributes }) => attributes.action === '/admin/member',
    )
    assert.ok(ofMember)
    const { token = '' } = valuesOf(ofMember)
    assert.equal((await press('/admin/cancel', { order: orderId, token })).status, 403, 'a token is for one button')
    assert.deepEqual(await moved(Tid), { charged: 1004, backAgain: 0 })
    assert.equal(titleOf(await client.readOrder(orderId)), paid)
  })

  test('a member is deleted with the cards, joins again, and can be deleted again', async () => {
    const client = fixture().newShopClient()
    for (let joined = 0; joined < 2; joined++) {
      const orderId = await client.order()
      const form = await client.openForm(orderId)
      const ticket = await client.authenticate(form)
      assert.ok(client.steps().includes('terms'), 'the window asks a new member')
      await client.comeBack(form.fields.ReturnUrl ?? '', ticket)
      const shown = await pressed('/admin/member', form.fields.MallUserId ?? '')
      assert.match(await shown.text(), /PD00/)
    }
    const { fields } = await client.openForm(await client.order())
    assert.match(await (await pressed('/admin/member', fields.MallUserId ?? '')).text(), /S301/)
  })
}
