import { after, before } from 'node:test'
import { saveMerchant } from '../../src/merchants/store.ts'
import { Buyer, openWindowFixture } from './buyer.ts'
import { requestForm, testMerchant } from './request-form.ts'

export const password = '739214'
/** The window of the test file that runs. */
export let fixture: Awaited<ReturnType<typeof openWindowFixture>>

/** Opens a window before the tests of a file, and closes it after them. */
export function useWindow(): void {
  before(async () => {
    fixture = await openWindowFixture()
    await saveMerchant(fixture.context, { ...testMerchant, ...showingCards, showsCardsBeforePassword: true })
  })
  after(() => fixture.close())
}

/** A merchant with the same members, whose window shows their cards before the password. */
export const showingCards = { merchantId: 'ssptest03m' }

let customers = 0
export const newCustomer = (): { customerId: string } => ({ customerId: `customer${++customers}` })

/** A customer who has joined and only confirms. */
export async function member(): Promise<{ customerId: string }> {
  const customer = newCustomer()
  const window = new Buyer(fixture)
  await window.open(requestForm(customer))
  await window.join(password)
  if (window.page.step !== 'confirm') throw new Error(`joining ended at ${window.page.step}`)
  return customer
}

export async function returning(customer: { customerId: string }, change = {}): Promise<Buyer> {
  const window = new Buyer(fixture)
  await window.open(requestForm({ ...customer, ...change }))
  return window
}
