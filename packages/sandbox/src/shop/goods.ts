import type { SafeHtml } from './html.ts'
import { lamp, mug, postcard } from './pictures.ts'

export interface Goods {
  readonly goodsId: string
  readonly name: string
  /** Whole won. */
  readonly price: number
  readonly line: string
  readonly story: string
  readonly picture: SafeHtml
}

export const maxQuantity = 9

export const catalogue: readonly Goods[] = [
  {
    goodsId: 'postcard',
    name: '보름달 엽서',
    price: 1004,
    line: '천 원으로 보내는 달밤',
    story: '두툼한 면지에 보름달 하나를 눌러 찍었습니다. 뒷면에는 세 줄만 적을 수 있어요. 짧을수록 오래 남으니까요.',
    picture: postcard,
  },
  {
    goodsId: 'mug',
    name: '은하수 머그',
    price: 24_000,
    line: '식지 않는 밤하늘 350ml',
    story: '유약이 흐르며 생긴 점들이 모두 다릅니다. 같은 별자리를 가진 잔은 두 개가 없습니다.',
    picture: mug,
  },
  {
    goodsId: 'lamp',
    name: '초승달 무드등',
    price: 59_000,
    line: '할부로 켜는 작은 달',
    story:
      '손바닥만 한 초승달이 벽에 큰 달을 그립니다. 한 번 충전하면 열두 시간. 50,000원부터 할부로 결제할 수 있습니다.',
    picture: lamp,
  },
]

export const findGoods = (goodsId: string): Goods | undefined => catalogue.find((goods) => goods.goodsId === goodsId)
