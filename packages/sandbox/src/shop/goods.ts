import { html, type SafeHtml } from './page.ts'

export interface Goods {
  readonly goodsId: string
  readonly name: string
  /** Whole won. */
  readonly price: number
  readonly line: string
  readonly story: string
  readonly picture: SafeHtml
}

/** 240 × 180. */
const frame = (title: string, background: string, drawing: SafeHtml): SafeHtml =>
  html`<svg viewBox="0 0 240 180" role="img" aria-label="${title}" preserveAspectRatio="xMidYMid slice"><rect width="240" height="180" fill="${background}"/>${drawing}</svg>`

export const maxQuantity = 9

export const catalogue: readonly Goods[] = [
  {
    goodsId: 'postcard',
    name: '보름달 엽서',
    price: 1004,
    line: '천 원으로 보내는 달밤',
    story: '두툼한 면지에 보름달 하나를 눌러 찍었어요. 뒷면에는 세 줄만 적을 수 있어요. 짧을수록 오래 남으니까요.',
    picture: frame(
      '보름달 엽서',
      '#e7ebf6',
      html`<g transform="rotate(-6 120 92)"><rect x="58" y="46" width="132" height="92" rx="4" fill="#c9d0e6"/><rect x="54" y="40" width="132" height="92" rx="4" fill="#fffdf7"/><rect x="62" y="48" width="116" height="76" rx="2" fill="#2b3160"/><circle cx="120" cy="82" r="24" fill="#f6d77f"/><circle cx="112" cy="76" r="4" fill="#e9c55f"/><circle cx="127" cy="88" r="6" fill="#e9c55f"/><circle cx="124" cy="70" r="2.500" fill="#e9c55f"/><path d="M62 112q20-14 40-4t38-2 38 0v16a2 2 0 0 1-2 2H64a2 2 0 0 1-2-2z" fill="#1d2247"/><g fill="#fff"><circle cx="76" cy="62" r="1.400"/><circle cx="160" cy="60" r="1.800"/><circle cx="168" cy="84" r="1.200"/><circle cx="82" cy="94" r="1.200"/><circle cx="94" cy="56" r="1"/></g></g>`,
    ),
  },
  {
    goodsId: 'mug',
    name: '은하수 머그',
    price: 24_000,
    line: '식지 않는 밤하늘 350ml',
    story: '유약이 흐르며 생긴 점들이 모두 달라요. 같은 별자리를 가진 잔은 두 개가 없어요.',
    picture: frame(
      '은하수 머그',
      '#dfe6ee',
      html`<ellipse cx="116" cy="148" rx="56" ry="8" fill="#c6d1de"/><path d="M158 76h10a22 22 0 0 1 0 44h-12" fill="none" stroke="#232a58" stroke-width="11"/><path d="M72 56h90v62a28 28 0 0 1-28 28h-34a28 28 0 0 1-28-28z" fill="#2b3160"/><path d="M72 92c24-18 52 14 90-12v26c-34 22-62-8-90 10z" fill="#5560a8" opacity=".75"/><path d="M72 98c24-18 52 14 90-12v8c-34 24-62-8-90 14z" fill="#a9b2ea" opacity=".6"/><ellipse cx="117" cy="56" rx="45" ry="8" fill="#1a1f42"/><ellipse cx="117" cy="58" rx="38" ry="5" fill="#6f4a36"/><g fill="#fff"><circle cx="88" cy="76" r="1.600"/><circle cx="104" cy="84" r="1"/><circle cx="140" cy="72" r="1.600"/><circle cx="150" cy="104" r="1.200"/><circle cx="96" cy="124" r="1.500"/><circle cx="122" cy="132" r="1"/><circle cx="138" cy="122" r="1.800"/><circle cx="116" cy="102" r="1.200"/></g><g fill="none" stroke="#b7c3d2" stroke-width="3" stroke-linecap="round"><path d="M100 42c-6-7 5-10 0-18"/><path d="M118 40c-6-7 5-10 0-18"/><path d="M136 42c-6-7 5-10 0-18"/></g>`,
    ),
  },
  {
    goodsId: 'lamp',
    name: '초승달 무드등',
    price: 59_000,
    line: '할부로 켜는 작은 달',
    story: '손바닥만 한 초승달이 벽에 큰 달을 그려요. 한 번 충전하면 열두 시간. 50,000원부터 할부로 결제할 수 있어요.',
    picture: frame(
      '초승달 무드등',
      '#232850',
      html`<circle cx="128" cy="78" r="70" fill="#f6d77f" opacity=".1"/><circle cx="128" cy="78" r="52" fill="#f6d77f" opacity=".12"/><path d="M150 34a46 46 0 1 0 16 76 54 54 0 0 1-16-76z" fill="#f9dc8c"/><path d="M150 34a46 46 0 1 0 16 76c-48 14-70-42-16-76z" fill="#fff3cd" opacity=".65"/><path d="M130 124v22" stroke="#8a6b45" stroke-width="6"/><path d="M96 146h68a6 6 0 0 1 6 6v4H90v-4a6 6 0 0 1 6-6z" fill="#b38b5c"/><rect x="0" y="156" width="240" height="24" fill="#1a1e3f"/><g fill="#fff"><circle cx="40" cy="40" r="1.600"/><circle cx="62" cy="92" r="1.200"/><circle cx="206" cy="34" r="1.800"/><circle cx="214" cy="104" r="1.300"/><circle cx="30" cy="126" r="1"/><circle cx="188" cy="72" r="1"/></g>`,
    ),
  },
]

/** Goods in a quantity. */
export interface Basket {
  readonly goods: Goods
  readonly quantity: number
  /** Whole won. */
  readonly amount: number
}

export const findGoods = (goodsId: string): Goods | undefined => catalogue.find((goods) => goods.goodsId === goodsId)
