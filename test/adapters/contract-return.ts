import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Charset, OrderForm } from './buyer.ts'
import { assertPaidOnce, assertUnpaid, type Fixture } from './fixture.ts'

/** The charset is not signed, so the same form asks for either. */
const inCharset = (form: OrderForm, charset: Charset): OrderForm => ({
  ...form,
  fields: { ...form.fields, EncodingType: charset },
})

const iphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1'

export function returnContract(fixture: Fixture): void {
  const { buyer } = fixture

  for (const charset of ['utf-8', 'euc-kr'] as const)
    for (const sameSite of ['lax', 'strict'] as const)
      test(`a phone comes back in ${charset}, and its ${sameSite} session with it`, async (t) => {
        const orderId = await buyer.placeOrder()
        buyer.holdCookiesTo(sameSite)
        t.after(() => buyer.holdCookiesTo('lax'))
        const page = await buyer.send(`/pay/form?order=${orderId}`, { userAgent: iphone })
        assert.match(page.html, /id="sspay-form"/)
        const form = inCharset(await buyer.openForm(orderId), charset)
        const ticket = await buyer.authenticate(form, { device: 'mobile' })
        const fields = { ...ticket, MerchantReserved: '똠방각하' }
        const hops = await buyer.visit(form.returnUrl, { fields, charset, from: 'cross-site' })
        assert.deepEqual(
          hops.flatMap(({ headers }) => headers.getSetCookie()),
          [],
          'nobody gives the buyer another session on the way',
        )
        const seen = hops.at(-1)
        assert.equal(seen?.url, `${fixture.origin}/orders/${orderId}?result=paid`)
        assert.match(seen?.html ?? '', /결제했어요/)
        assertPaidOnce(fixture, orderId)

        for (const hop of hops.slice(1)) await buyer.visit(hop.url, { from: 'same-origin' })
        await buyer.visit(form.returnUrl, { fields, charset, from: 'cross-site' })
        assertPaidOnce(fixture, orderId)
      })

  for (const charset of ['utf-8', 'euc-kr'] as const)
    test(`who walks away comes back in ${charset} to an order that waits, and pays it later`, async () => {
      const orderId = await buyer.placeOrder()
      const form = inCharset(await buyer.openForm(orderId), charset)
      const fields = await buyer.walkAway(form)
      assert.equal(fields.GoodsName, '따뜻한 커피')
      const stopUrl = form.fields.StopUrl ?? ''
      const hops = await buyer.visit(stopUrl, { fields, charset, from: 'cross-site' })
      assert.equal(hops.at(-1)?.url, `${fixture.origin}/orders/${orderId}?result=aborted`)
      assert.match(hops.at(-1)?.html ?? '', /중단했어요/)
      assertUnpaid(fixture, orderId)

      const again = await buyer.openForm(orderId)
      assert.match((await buyer.comeBack(again, await buyer.authenticate(again))).html, /결제했어요/)
      const late = await buyer.visit(stopUrl, { fields, charset, from: 'cross-site' })
      assert.match(late.at(-1)?.html ?? '', /결제했어요/, 'a stop that comes late says nothing')
      assertPaidOnce(fixture, orderId)
    })
}
