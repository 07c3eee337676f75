import { randomHex } from '@sspay/gateway/tools'
import { type DeletionOutcome, deleteMember } from '@sspay/merchant'
import { Hono } from 'hono'
import { fromOwnPage, type ShopContext, type ShopVariables, tokensOf } from './context.ts'
import { membershipPage, ordersPage } from './customer-pages.ts'
import { shopPage } from './page.ts'

/** Orders, points and membership of the customer in the cookie. */
export function membershipRoutes(shop: ShopContext): Hono<ShopVariables> {
  const { store, merchant, runtime } = shop
  return new Hono<ShopVariables>()
    .get('/orders', (context) => {
      const customerId = context.get('customerId')
      const orders = customerId === undefined ? [] : store.ordersOf(customerId)
      return shopPage({ title: '내 주문', body: ordersPage(orders) })
    })
    .get('/membership', (context) => {
      const customerId = context.get('customerId')
      const known = customerId ?? ''
      const membership = {
        customerId,
        points: store.pointsOf(known),
        isMember: store.isMember(known),
        lastDeletion: store.lastDeletion(known),
        tokenFor: tokensOf(shop, known),
      }
      return shopPage({ title: '멤버십', body: membershipPage(membership) })
    })
    .post('/membership/delete', fromOwnPage(shop), async (context) => {
      const customerId = context.get('customerId')
      if (customerId !== undefined) {
        // Q49: the signature of a deletion covers no time or random value, so only a new note makes it a new request.
        const merchantNote = randomHex(runtime, 8)
        const { resultCode, isGone } = readDeletion(await deleteMember(merchant, customerId, { merchantNote }))
        store.recordDeletion(customerId, resultCode, isGone)
      }
      return context.redirect('/membership', 303)
    })
}

function readDeletion(outcome: DeletionOutcome): { readonly resultCode: string; readonly isGone: boolean } {
  switch (outcome.outcome) {
    case 'deleted':
      return { resultCode: outcome.hadCard ? 'PD00' : 'PS40', isGone: true }
    case 'rejected':
      return { resultCode: outcome.code, isGone: outcome.reason === 'member_unknown' }
    case 'unknown':
      return { resultCode: outcome.code ?? outcome.cause, isGone: false }
  }
}
