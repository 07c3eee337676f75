import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { findOwnOrder, isBeingChecked, type ShopOrder } from '../../../orders.ts'
import { customerOf } from '../../../session.ts'
import { PayButton } from './pay-button.tsx'

interface Page {
  readonly params: Promise<{ readonly orderId: string }>
  readonly searchParams: Promise<{ readonly result?: string }>
}

/** `result`는 주소에 있어 누구나 바꿀 수 있으니 안내에만 씁니다. 결제되었는지는 주문이 말합니다. */
export default async function OrderPage({ params, searchParams }: Page) {
  const { orderId } = await params
  const order = findOwnOrder(orderId, customerOf((await headers()).get('cookie')))
  if (order === undefined) notFound()
  return (
    <>
      <h1>{order.goodsName}</h1>
      <p className="amount">{`${order.amount.toLocaleString('ko-KR')}원`}</p>
      {order.state === 'paid' && <Paid />}
      {order.state === 'closed' && <Closed />}
      {order.state === 'open' &&
        ((await isBeingChecked(orderId)) ? <Checking /> : <Open order={order} result={(await searchParams).result} />)}
    </>
  )
}

const Paid = () => (
  <>
    <p role="status">
      결제했어요. <span lang="en">Paid.</span>
    </p>
    <a className="button" href="/">
      계속 쇼핑하기 · Go on
    </a>
  </>
)

const Closed = () => (
  <p role="status">
    취소한 주문이에요. 빠져나간 돈이 있으면 모두 돌려드려요.
    <span lang="en">Cancelled. Money that was taken goes back.</span>
  </p>
)

const Checking = () => (
  <>
    <meta httpEquiv="refresh" content="3" />
    <p role="status">
      결제 결과를 확인하고 있어요. 다시 결제하지 말아 주세요.
      <span lang="en">We are finding out whether you have paid. Do not pay again.</span>
    </p>
  </>
)

const Open = ({ order, result }: { readonly order: ShopOrder; readonly result: string | undefined }) => (
  <>
    <p role="status">{hintOf(order, result)}</p>
    {hintOf(order, result) === declined && (
      <details className="soft" open>
        <summary>이유 · Reason</summary>
        {order.rejection}
      </details>
    )}
    <PayButton orderId={order.orderId} />
    <form method="post" action={`/orders/${order.orderId}/close`}>
      <button type="submit" className="quiet">
        주문 취소 · Cancel the order
      </button>
    </form>
  </>
)

const declined = '결제하지 못했어요. 결제된 금액은 없어요.'

function hintOf({ rejection }: ShopOrder, result: string | undefined): string | undefined {
  if (result === 'aborted') return '결제를 중단했어요.'
  if (result === 'failed') return '결제하지 못했어요. 다시 시도해 주세요.'
  return rejection === null ? undefined : declined
}
