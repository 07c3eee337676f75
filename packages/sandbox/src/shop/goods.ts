import type { SafeHtml } from './html.ts'
import { candle, lamp, mug, postcard, quilt, tea } from './pictures.ts'

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
    goodsId: 'candle',
    name: '달무리 향초',
    price: 18_500,
    line: '비 갠 밤의 흙냄새',
    story: '콩왁스에 무화과잎과 젖은 흙 향을 담았습니다. 한 번에 두 시간씩, 스무 밤을 밝힙니다.',
    picture: candle,
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
    goodsId: 'tea',
    name: '새벽 차 세트',
    price: 32_000,
    line: '네 가지 잎, 스물네 번의 새벽',
    story: '쑥, 호지, 감잎, 국화. 카페인이 적은 순서로 담았습니다. 잠들기 전에도 괜찮습니다.',
    picture: tea,
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
  {
    goodsId: 'quilt',
    name: '별자리 누빔 담요',
    price: 128_000,
    line: '겨울 하늘을 덮고 자는 법',
    story: '오리온자리와 큰개자리를 한 땀씩 누볐습니다. 솜은 얇고 따뜻해서 사계절 덮을 수 있습니다.',
    picture: quilt,
  },
]

export const findGoods = (goodsId: string): Goods | undefined => catalogue.find((goods) => goods.goodsId === goodsId)
