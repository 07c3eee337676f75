import { goods } from '../orders.ts'

export const dynamic = 'force-dynamic'

export default function GoodsPage() {
  return (
    <>
      <h1>{goods.goodsName}</h1>
      <p className="amount">{`${goods.amount.toLocaleString('ko-KR')}원`}</p>
      <form method="post" action="/orders">
        <button type="submit">주문하고 결제하기 · Order and pay</button>
      </form>
    </>
  )
}
