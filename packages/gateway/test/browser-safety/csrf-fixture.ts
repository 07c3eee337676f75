import { consoleRoutes } from '../../src/console/route.ts'
import { publicRoutes } from '../../src/gateway.ts'
import { saveMerchant } from '../../src/merchants/store.ts'
import { requestForm, testMerchant } from '../payment-window/request-form.ts'
import { createTestContext, noCardNetwork, type TestContext } from '../support.ts'
import { readTables } from '../test-storage.ts'

export const origin = 'http://gateway.test'

export interface CsrfFixture extends TestContext {
  readonly routes: ReturnType<typeof openRoutes>
  request(path: string, init?: RequestInit): Promise<Response>
  /** Everything that is stored; with a word, only the rows that hold it. */
  stored(word?: string): Promise<string>
  /** A window of its own: its address, the cookie of its browser, and the transaction id that its rows hold. */
  openWindow(
    orderId: string,
  ): Promise<{ readonly path: string; readonly cookie: string; readonly transactionId: string }>
}

const nobody = () => Promise.reject(new Error('nobody outside is asked'))

function openRoutes({ context }: TestContext) {
  const outside = {
    cardNetwork: noCardNetwork,
    identityVerifier: { sendCode: nobody, checkCode: nobody, sendMessage: nobody },
  }
  const scripts = { dropInScript: '', scriptInventory: '' }
  return {
    public: publicRoutes({ ...context, ...outside, windowScript: '' }, scripts),
    console: consoleRoutes({ ...context, ...outside }, { links: [] }),
  }
}

export async function openCsrfFixture(): Promise<CsrfFixture> {
  const test = await createTestContext()
  await saveMerchant(test.context, testMerchant)
  const routes = openRoutes(test)
  const { storage } = test.context
  const request = async (path: string, init?: RequestInit): Promise<Response> => {
    const app = /^\/(ssp|payment)\//.test(path) ? routes.public : routes.console
    return app.fetch(new Request(origin + path, init))
  }
  return {
    ...test,
    routes,
    request,
    async stored(word = '') {
      return (await readTables(storage))
        .map((row) => JSON.stringify(row))
        .filter((row) => row.includes(word))
        .join('\n')
    },
    async openWindow(orderId) {
      const opened = await request('/ssp/reqPay.do', {
        method: 'POST',
        body: new URLSearchParams(requestForm({ orderId })),
      })
      const [payment] = await storage.read<{ readonly transaction_id: string }>(
        'select transaction_id from payments where order_id = ?1',
        [orderId],
      )
      return {
        path: opened.headers.get('location')?.replace(/\?.*/, '') ?? '',
        cookie: opened.headers.get('set-cookie')?.split(';')[0] ?? '',
        transactionId: payment?.transaction_id ?? '',
      }
    },
  }
}
