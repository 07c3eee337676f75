import { goods, type ShopOrder } from './orders.ts'

const style = `
:root { color-scheme: light dark; --ink: #191f28; --soft: #4a5565; --line: #e3e7ee; --ground: #f4f6f9; --surface: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eef1f6; --soft: #c0c9d6; --line: #2e3847; --ground: #10151d; --surface: #1a212c }
}
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; word-break: keep-all }
main { box-sizing: border-box; max-width: 26rem; margin: 12vh auto 2rem; padding: 0 1.25rem }
section { padding: 1.75rem 1.5rem; border: 1px solid var(--line); border-radius: 14px; background: var(--surface) }
h1 { margin: 0; font-size: 1.05rem }
.amount { margin: .25rem 0 1.5rem; font-size: 1.75rem; font-weight: 700; letter-spacing: -.01em }
[lang=en], .soft { display: block; color: var(--soft); font-size: .875rem }
a.button, button { display: block; box-sizing: border-box; width: 100%; margin-top: 1rem; padding: .8rem; border: 1px solid var(--ink);
  border-radius: 10px; background: var(--ink); color: var(--surface); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer }
button.quiet { background: none; color: inherit; border-color: var(--line); font-weight: 400 }
a.button:focus-visible, button:focus-visible { outline: 3px solid var(--soft); outline-offset: 2px }`

const page = (content: string, head = ''): string => `<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>작은 쇼핑몰</title><link rel="icon" href="data:,">${head}<style>${style}</style></head>
<body><main><section>${content}</section></main></body></html>`

const won = (amount: number): string => `${amount.toLocaleString('ko-KR')}원`

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

export const goodsPage = (): string =>
  page(`<h1>${goods.goodsName}</h1><p class="amount">${won(goods.amount)}</p>
<form method="post" action="/orders"><button>주문하고 결제하기 · Order and pay</button></form>`)

/** `result`는 주소에 있어 누구나 바꿀 수 있으니 안내에만 씁니다. 결제되었는지는 주문이 말합니다. */
export function orderPage(order: ShopOrder, { isChecking, result }: { isChecking: boolean; result: unknown }): string {
  const title = `<h1>${escapeHtml(order.goodsName)}</h1><p class="amount">${won(order.amount)}</p>`
  switch (order.state) {
    case 'paid':
      return page(`${title}<p role="status">결제했어요. <span lang="en">Paid.</span></p>
<p class="soft">주문번호 ${order.orderId}</p><a class="button" href="/">계속 쇼핑하기 · Go on</a>`)
    case 'closed':
      return page(`${title}<p role="status">취소한 주문이에요. 빠져나간 돈이 있으면 모두 돌려드려요.
<span lang="en">Cancelled. Money that was taken goes back.</span></p><a class="button" href="/">처음으로 · Home</a>`)
    case 'open':
      return isChecking ? checkingPage(title) : page(`${title}${hintOf(order, result)}${actionsOf(order)}`)
  }
}

const checkingPage = (title: string): string =>
  page(
    `${title}<p role="status">결제 결과를 확인하고 있어요. 다시 결제하지 말아 주세요.
<span lang="en">We are finding out whether you have paid. Do not pay again.</span></p>`,
    '<meta http-equiv="refresh" content="3">',
  )

function hintOf({ rejection }: ShopOrder, result: unknown): string {
  if (result === 'aborted') return '<p role="status">결제를 중단했어요. <span lang="en">You stopped.</span></p>'
  if (result === 'failed')
    return '<p role="status">결제하지 못했어요. 다시 시도해 주세요. <span lang="en">Please try again.</span></p>'
  if (rejection === null) return ''
  return `<p role="status">결제하지 못했어요. 결제된 금액은 없어요. <span lang="en">Declined. Nothing was charged.</span></p>
<details class="soft" open><summary>이유 · Reason</summary>${escapeHtml(rejection)}</details>`
}

const actionsOf = ({
  orderId,
}: ShopOrder): string => `<a class="button" href="/pay/form?order=${orderId}">결제하기 · Pay</a>
<form method="post" action="/orders/${orderId}/close"><button class="quiet">주문 취소 · Cancel the order</button></form>`
