import { randomHex } from '@sspay/gateway/tools'
import { koreanTimestamp } from '@sspay/protocol'
import { Hono } from 'hono'
import { type ShopContext, type ShopVariables, setCustomer, tokensOf } from './context.ts'
import { type Basket, findGoods, maxQuantity } from './goods.ts'
import { goodsPage, homePage } from './home-page.ts'
import type { PaymentFlow } from './model.ts'
import { flowScript, orderPage, sampleBuyer } from './order-page.ts'
import { notFoundPage, shopPage } from './page.ts'

/** The catalogue, up to the order page. */
export function browseRoutes(shop: ShopContext): Hono<ShopVariables> {
  const { store, runtime } = shop
  return new Hono<ShopVariables>()
    .get('/', () => shopPage({ title: '이달의 진열장', body: homePage() }))
    .get('/goods/:goodsId', (context) => {
      const goods = findGoods(context.req.param('goodsId'))
      return goods === undefined ? notFoundPage() : shopPage({ title: goods.name, body: goodsPage(goods) })
    })
    .get('/order', async (context) => {
      const basket = readBasket(context.req.query('goods'), context.req.query('quantity') ?? '1')
      if (basket === undefined) return notFoundPage()
      const customerId = context.get('customerId') ?? `c${randomHex(runtime, 8)}`
      const draft = {
        ...basket,
        orderId: `ML${koreanTimestamp(runtime.now()).slice(2, 8)}-${randomHex(runtime, 5)}`,
        buyer: sampleBuyer,
        flow: flowOf(context.req.raw.headers),
        isMember: store.isMember(customerId),
        tokenFor: tokensOf(shop, customerId),
      }
      context.res = await shopPage({ title: '주문서', body: orderPage(draft), script: flowScript })
      setCustomer(context, customerId)
      return context.res
    })
}

export function readBasket(goodsId: string | undefined, quantityText: string | undefined): Basket | undefined {
  const goods = findGoods(goodsId ?? '')
  const quantity = /^[1-9][0-9]?$/.test(quantityText ?? '') ? Number(quantityText) : 0
  if (goods === undefined || quantity < 1 || quantity > maxQuantity) return undefined
  return { goods, quantity, amount: goods.price * quantity }
}

function flowOf(headers: Headers): PaymentFlow {
  const hint = headers.get('sec-ch-ua-mobile')
  if (hint !== null) return hint === '?1' ? 'page' : 'layer'
  return /Mobi|Android|iPhone|iPad/i.test(headers.get('user-agent') ?? '') ? 'page' : 'layer'
}
