import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fixture } from './fixture.ts'
import { type ShopClient, type Ticket, titleOf } from './shop-client.ts'

const paid = '결제했어요'
const waiting = '주문을 확인해 주세요'
const notCharged = { charged: 0, backAgain: 0 }

interface Attacker {
  readonly client: ShopClient
  readonly orderId: string
  readonly ticket: Ticket
  returnUrl(): string
}

/** Another customer, authenticated for an order of their own. `changed`: fields changed in the browser. */
async function openAttacker(fixture: Fixture, changed = {}, cardNumber?: string): Promise<Attacker> {
  const client = fixture.newShopClient(cardNumber)
  const orderId = await client.order()
  const form = await client.openForm(orderId)
  const ticket = await client.authenticate({ ...form, fields: { ...form.fields, ...changed } })
  return { client, orderId, ticket, returnUrl: () => form.fields.ReturnUrl ?? '' }
}

const foreignTickets: readonly (readonly [string, (fixture: Fixture, orderId: string) => Promise<Attacker>])[] = [
  ['of an order that waits', (fixture) => openAttacker(fixture)],
  [
    'that is made up',
    async (fixture) => {
      const attacker = await openAttacker(fixture)
      return { ...attacker, ticket: { ...attacker.ticket, TrAuthKey: 'f'.repeat(64) } }
    },
  ],
  [
    'of an order that is paid',
    async (fixture) => {
      const attacker = await openAttacker(fixture)
      assert.equal(titleOf(await attacker.client.comeBack(attacker.returnUrl(), attacker.ticket)), paid)
      return attacker
    },
  ],
  [
    'of an order that was declined',
    async (fixture) => {
      const attacker = await openAttacker(fixture, {}, '9406000030950001')
      await attacker.client.comeBack(attacker.returnUrl(), attacker.ticket)
      return attacker
    },
  ],
  ['of a form with the number of the order', (fixture, orderId) => openAttacker(fixture, { Moid: orderId })],
  [
    'of a form with the number of the order and no signature',
    (fixture, orderId) => openAttacker(fixture, { Moid: orderId, MallReserved: '' }),
  ],
]

export function foreignTicketContract(fixture: () => Fixture): void {
  /** The order is untouched. */
  const assertUntouched = async (client: ShopClient, orderId: string): Promise<void> => {
    const page = await client.readOrder(orderId)
    assert.equal(titleOf(page), waiting)
    assert.doesNotMatch(page, /결제하지 못했어요/)
    assert.match(await fixture().recover(), /^pending 0, refunding 0/)
    assert.equal(titleOf(await client.readOrder(orderId)), waiting)
  }

  for (const [what, open] of foreignTickets)
    test(`a foreign ticket ${what} neither blocks, declines nor pays the order`, async () => {
      const { client, moved } = fixture()
      const orderId = await client.order()
      const form = await client.openForm(orderId)
      const attacker = await open(fixture(), orderId)
      const before = await moved(attacker.ticket.Tid)
      await attacker.client.post(form.fields.ReturnUrl ?? '', attacker.ticket)
      await assertUntouched(client, orderId)
      assert.deepEqual(await moved(attacker.ticket.Tid), before)
      const ticket = await client.authenticate(form)
      assert.equal(titleOf(await client.comeBack(form.fields.ReturnUrl ?? '', ticket)), paid)
    })

  test('a foreign ticket is as good as before for its own order', async () => {
    const { client } = fixture()
    const orderId = await client.order()
    const attacker = await openAttacker(fixture())
    await attacker.client.post(`/return?order=${orderId}`, attacker.ticket)
    assert.equal(titleOf(await attacker.client.comeBack(attacker.returnUrl(), attacker.ticket)), paid)
    await assertUntouched(client, orderId)
  })

  test('while no inquiry is answered, a attacker’s return asks for no approval', async () => {
    const { client, moved, sandbox } = fixture()
    const orderId = await client.order()
    const attacker = await openAttacker(fixture(), { Moid: orderId })
    sandbox.faults.add({ link: 'inquiry', fault: { name: 'http-500', moment: 'before' }, orderId, timesLeft: 1 })
    await attacker.client.post(`/return?order=${orderId}`, attacker.ticket)
    await assertUntouched(client, orderId)
    assert.deepEqual(await moved(attacker.ticket.Tid), notCharged)
  })

  test('a buyer who comes back without the cookie is known by the signature on the order', async () => {
    const { client, moved, shop } = fixture()
    const orderId = await client.order()
    const form = await client.openForm(orderId, '&device=mobile')
    const ticket = await client.authenticate(form, 'mobile')
    const body = new URLSearchParams({ ...ticket })
    const returnUrl = new URL(form.fields.ReturnUrl ?? '', shop.origin)
    assert.equal((await fetch(returnUrl, { method: 'POST', body, redirect: 'manual' })).status, 303)
    assert.equal(titleOf(await client.readOrder(orderId)), paid)
    assert.deepEqual(await moved(ticket.Tid), { charged: 1004, backAgain: 0 })
  })

  test('a buyer who brings the cheap payment of one order to a dear one is charged nothing', async () => {
    const { client, moved } = fixture()
    const dear = await client.order({ goods: 'teapot' })
    const ticket = await client.authenticate(await client.openForm(await client.order()))
    await client.comeBack(`/return?order=${dear}`, ticket)
    await assertUntouched(client, dear)
    assert.deepEqual(await moved(ticket.Tid), notCharged)
  })

  test('a form with the number or the customer of another order is charged nothing', async () => {
    const { client, moved } = fixture()
    const [first, second] = [await client.order(), await client.order()]
    const form = await client.openForm(first)
    for (const changed of [{ Moid: second }, { MallUserId: 'c0ffee' }]) {
      const ticket = await client.authenticate({ ...form, fields: { ...form.fields, ...changed } })
      for (const orderId of [first, second]) {
        await client.comeBack(`/return?order=${orderId}`, ticket)
        await assertUntouched(client, orderId)
      }
      assert.deepEqual(await moved(ticket.Tid), notCharged)
    }
  })
}
