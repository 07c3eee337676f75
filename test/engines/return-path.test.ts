import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { joinOverHttp } from '../e2e/join-over-http.ts'
import { openReturnShop } from '../e2e/return-shop.ts'
import { until } from '../support/until.ts'
import { tapPassword } from './buyer.ts'
import { type Device, devices, engines, openSandbox, openVisit, type Visit } from './engines.ts'
import type { Page, Surface } from './webdriver.ts'

const { sandbox, folder } = await openSandbox()
const shop = await openReturnShop(sandbox, folder)
after(() => shop.close())
const customerId = 'engines'
await joinOverHttp({ customerId, sandbox })

const hasPaid = /^engines has paid /
const payButton = '#tranMgr button'

async function pay(surface: Surface, window: Surface): Promise<void> {
  await surface.click(payButton)
  await tapPassword(window, sandbox, 'password')
  assert.match(await surface.text('#receipt'), hasPaid)
}

/** Until the document after the step is there, whether or not the driver waits for it; its address. */
async function leave(page: Page, step: 'back' | 'reload'): Promise<string> {
  await page.run('window.isLeft = true')
  await page[step]()
  const read = "return !window.isLeft && document.readyState === 'complete' && location.href"
  return String(await until(() => page.run(read), { what: `the page after ${step}`, every: 50 }))
}

/** The return is posted into a frame first, and again by the page when the frame has its answer. */
const postTwice = `
  var script = document.createElement('script')
  script.textContent = '(' + function () {
    var form = document.approvalForm
    var frame = document.createElement('iframe')
    frame.name = 'first'
    frame.id = 'first'
    form.submit = function () {
      document.body.appendChild(frame)
      form.target = 'first'
      frame.onload = function () {
        if (!frame.contentDocument.getElementById('receipt')) return
        sessionStorage.setItem('first', frame.contentDocument.getElementById('receipt').textContent)
        form.target = ''
        HTMLFormElement.prototype.submit.call(form)
      }
      HTMLFormElement.prototype.submit.call(form)
    }
  } + ')()'
  document.body.appendChild(script)`

/** The shop's page moves into a frame of itself. */
const intoFrame = `
  var frame = document.createElement('iframe')
  frame.id = 'shop'
  frame.width = 1000
  frame.height = 900
  frame.src = location.href
  document.body.textContent = ''
  document.body.appendChild(frame)`

interface Move {
  readonly devices: readonly Device[]
  readonly payments: number
  /** Back crosses the border of Cross-Origin-Opener-Policy: `webkit-back.test.ts` shows what the driver makes of it. */
  readonly goesBack?: true
  walk(visit: Visit): Promise<void>
}

const moves: Readonly<Record<string, Move>> = {
  'reload of the return page': {
    devices,
    payments: 1,
    async walk({ page, window }) {
      await pay(page, window)
      for (let times = 0; times < 2; times++) {
        await page.reload()
        assert.match(await page.text('#receipt'), hasPaid)
      }
    },
  },
  // On a phone the gateway posts the return by itself.
  'return posted twice': {
    devices: ['PC'],
    payments: 1,
    async walk({ page, window }) {
      await page.run(postTwice)
      await pay(page, window)
      assert.match(String(await page.run("return sessionStorage.getItem('first')")), hasPaid)
    },
  },
  // The form still stands there, and pays once more; on a phone behind a window that has ended.
  'back, reload and a second payment': {
    devices,
    payments: 2,
    goesBack: true,
    async walk({ page, window }) {
      await pay(page, window)
      let address = await leave(page, 'back')
      for (let times = 0; address.startsWith(sandbox.urls.gateway); times++) {
        assert.ok(times < 5, 'the way back ends at the shop')
        address = await leave(page, 'back')
      }
      await leave(page, 'reload')
      await pay(page, window)
    },
  },
  // In place, the window allows no frame around it.
  'the shop in a frame of its own page': {
    devices: ['PC'],
    payments: 1,
    async walk({ page }) {
      await page.run(intoFrame)
      await pay(page.frame('#shop'), page.frame('#shop', 'iframe'))
    },
  },
}

for (const engine of engines)
  for (const device of devices)
    for (const goesBack of [false, true])
      test(`${engine}, ${device}`, async (t) => {
        const visit = await openVisit(t, engine, device, { waitsForLoads: !goesBack })
        const own = Object.entries(moves).filter(([, move]) => (move.goesBack === true) === goesBack)
        for (const [name, { devices, payments, walk }] of own)
          if (devices.includes(device))
            await t.test(name, async () => {
              const display = device === 'PC' ? 'layer' : 'redirect'
              const plan = {
                customerId,
                display,
                hasCoop: true,
                sameSite: 'Strict',
                receivesWithSession: true,
              } as const
              const { orderId, enterUrl } = shop.place(plan)
              await visit.page.goto(enterUrl)
              await visit.page.waitFor(payButton)
              await walk(visit)
              assert.equal(shop.timesMarkedPaid(orderId), 1)
              assert.equal(shop.transactionsOf(orderId).length, payments)
            })
      })
