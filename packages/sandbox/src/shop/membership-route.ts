import { randomHex } from '@sspay/gateway/internal'
import { type DeletionOutcome, deleteMember } from '@sspay/merchant'
import { Hono } from 'hono'
import type { ShopContext, ShopVariables } from './context.ts'
import { membershipPage, ordersPage } from './customer-pages.ts'
import { fromOwnPage, tokensOf } from './own-forms.ts'
import { shopPage } from './page.ts'

/** What the customer of this browser has: orders, points, a membership to delete. */
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
        // Q49: nothing else in a deletion is fresh; a customer who joined again could not leave again without a new note.
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
