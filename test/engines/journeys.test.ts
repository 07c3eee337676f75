import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../support/until.ts'
import {
  abortPayment,
  agree,
  formOf,
  joinAndConfirm,
  orderAndPay,
  orderThat,
  payAfterBack,
  payGenerally,
  returnToShop,
  tapPassword,
  typePassword,
} from './buyer.ts'
import { devices, engines, openSandbox, openVisit, type Visit } from './engines.ts'

const { sandbox } = await openSandbox()
const isPaid = '결제가 완료되었어요'
let buyers = 0

interface Journey {
  readonly needsScripts?: true
  walk(visit: Visit): Promise<void>
}

/** One after the other in one browser, whose customer becomes a member and leaves again. */
const journeys: Readonly<Record<string, Journey>> = {
  abort: {
    async walk(visit) {
      await orderAndPay(visit, sandbox)
      await abortPayment(visit)
      await returnToShop(visit)
      await orderThat(visit, sandbox, '결제를 멈췄어요')
    },
  },
  // Not the page of an expired form; and no lock of the page before it ignores the button.
  'Back to the payment page': {
    async walk(visit) {
      await orderAndPay(visit, sandbox)
      await visit.window.waitFor(formOf('terms'))
      await payAfterBack(visit, sandbox)
      await agree(visit.window)
      await visit.window.waitFor(formOf('identity'))
    },
  },
  'first payment': {
    async walk(visit) {
      await orderAndPay(visit, sandbox)
      await joinAndConfirm(visit, sandbox, `0105555${String(++buyers).padStart(4, '0')}`)
      await returnToShop(visit)
      await orderThat(visit, sandbox, isPaid)
    },
  },
  'payment by password': {
    async walk(visit) {
      const before = await visit.page.address()
      await orderAndPay(visit, sandbox)
      await tapPassword(visit.window, sandbox, 'password')
      await returnToShop(visit)
      assert.notEqual(await orderThat(visit, sandbox, isPaid), before)
    },
  },
  'payment by keyboard': {
    needsScripts: true,
    async walk(visit) {
      await orderAndPay(visit, sandbox)
      await typePassword(visit, sandbox, 'password')
      await orderThat(visit, sandbox, isPaid)
    },
  },
  'deletion of the membership': {
    async walk(visit) {
      const { page, window } = visit
      await page.goto(`${sandbox.urls.shop}/membership`)
      await page.click('form[action="/membership/delete"] button')
      await until(async () => (await page.text('main')).includes('PD00'), { what: 'the deletion' })
      await orderAndPay(visit, sandbox)
      await window.waitFor(formOf('terms'))
    },
  },
  'general payment': {
    needsScripts: true,
    async walk(visit) {
      await payGenerally(visit, sandbox)
      await until(async () => (await visit.page.text('[data-field="ResultCode"]')) === '3001', { what: 'the approval' })
    },
  },
}

for (const engine of engines)
  for (const device of devices)
    for (const hasScripts of [true, false])
      test(`${engine}, ${device}${hasScripts ? '' : ', scripts off'}`, async (t) => {
        const visit = await openVisit(t, engine, device, { hasScripts })
        for (const [name, { needsScripts, walk }] of Object.entries(journeys))
          if (hasScripts || needsScripts !== true) await t.test(name, () => walk(visit))
      })
