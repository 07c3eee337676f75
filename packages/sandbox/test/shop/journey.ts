import { approvalAnswer, type Browser, inputsOf, type ShopTest } from './support.ts'

/** Where the payment window posts from. */
export const windowOrigin = 'http://window.example'

let counter = 0

/** What the window hands back once the buyer has authenticated. */
export const newTicket = () => ({
  Tid: `ssptest01m0101250102030405${String(1000 + counter++)}`,
  TrAuthKey: '0123456789abcdef'.repeat(4),
})

type Fields = Readonly<Record<string, string>>

/** From the order page to the signed form. */
export async function orderGoods(browser: Browser, goodsId = 'postcard', quantity = 1, changed: Fields = {}) {
  const order = inputsOf((await browser.get(`/order?goods=${goodsId}&quantity=${quantity}`)).text)
  const page = await browser.post('/orders', { ...order, ...changed })
  const form = inputsOf(page.text)
  const { pathname, search } = new URL(form.ReturnUrl ?? 'http://none')
  return { page, order, form, orderId: order.orderId ?? '', returnPath: pathname + search }
}

/** From now on every ticket is answered about this order. */
export const answerAbout = (
  { gateway }: ShopTest,
  orderId: string,
  reason: Parameters<typeof approvalAnswer>[0] = 'approved',
): void => gateway.answerWith(({ Tid = '' }) => approvalAnswer(reason, { transactionId: Tid, orderId, amount: 1004 }))

const echoedNames = [
  'PayMethod',
  'GoodsName',
  'Amt',
  'Moid',
  'Mid',
  'MallUserId',
  'BuyerName',
  'BuyerTel',
  'BuyerEmail',
  'MallReserved',
]

/** The twelve fields of StopUrl for a payment form. */
export const abortOf = (form: Fields): Fields => ({
  ...Object.fromEntries(echoedNames.map((name) => [name, form[name] ?? ''])),
  ResultCode: 'S201',
  ResultMsg: '사용자가 결제를 중단했습니다.',
})
