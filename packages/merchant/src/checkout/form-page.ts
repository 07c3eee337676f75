import { createHash } from 'node:crypto'
import { koreanTimestamp } from '@sspay/protocol'
import { groupThousands } from '@sspay/protocol/internal'
import { escapeHtml } from '../form-fields.ts'
import type { Environment } from '../merchant.ts'
import type { PaymentForm } from '../payment-form.ts'
import type { CheckoutOrder } from './options.ts'

interface FormPage {
  readonly order: CheckoutOrder
  readonly form: PaymentForm
  readonly environment: Environment
  readonly returnUrl: string
  readonly at: Date
}

const css = `:root{color-scheme:light dark;--ink:#191f28;--soft:#4a5565;--line:#e3e7ee;--ground:#f4f6f9;--surface:#fff;--button:#191f28;--on:#fff}
@media (prefers-color-scheme:dark){:root{--ink:#eef1f6;--soft:#c0c9d6;--line:#2e3847;--ground:#10151d;--surface:#1a212c;--button:#eef1f6;--on:#10151d}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Apple SD Gothic Neo","Noto Sans KR",sans-serif;word-break:keep-all}
main{max-width:26rem;margin:0 auto;padding:12vh 1.25rem 2rem}
section{background:var(--surface);border:1px solid var(--line);border-radius:14px;padding:1.75rem 1.5rem}
h1{margin:0;font-size:1.05rem;font-weight:600;overflow-wrap:anywhere}
.total{margin:.25rem 0 1.5rem;font-size:1.75rem;font-weight:700;letter-spacing:-.01em}
button{width:100%;padding:.9rem 1rem;border:0;border-radius:10px;background:var(--button);color:var(--on);font:inherit;font-weight:600;cursor:pointer}
button:focus-visible{outline:3px solid var(--soft);outline-offset:2px}
p.hint{margin:1rem 0 0;color:var(--soft);font-size:.875rem}`

/**
 * Opens the window as in the guide (STEP 2), with a Callback for the layer; not when the buyer navigates back. On a
 * phone no layer says that the window is being opened: the button does, until the window's first byte.
 */
const script = `(function () {
  var form = document.getElementById('sspay-form')
  var back = document.getElementById('sspay-return')
  function keep(name, value) {
    var input = document.createElement('input')
    input.type = 'hidden'
    input.name = name
    input.value = value
    back.appendChild(input)
  }
  function wait(isWaiting) {
    var texts = form.querySelectorAll('button > span')
    texts[0].hidden = isWaiting
    texts[1].hidden = !isWaiting
  }
  function open(event) {
    if (!window.smartropay) return
    if (event) event.preventDefault()
    window.smartropay.init({ mode: form.getAttribute('data-mode'), actionUri: '/ssp/reqPay.do' })
    window.smartropay.payment({
      FormId: form.id,
      Callback: function (result) {
        back.textContent = ''
        for (var name in result) keep(name, result[name])
        back.submit()
      }
    })
    if (!document.querySelector('[role=dialog]')) wait(true)
  }
  form.addEventListener('submit', open)
  window.addEventListener('pageshow', function (event) { if (event.persisted) wait(false) })
  var visit = window.performance && performance.getEntriesByType && performance.getEntriesByType('navigation')[0]
  if (visit && visit.type === 'navigate') window.addEventListener('load', function () { open() })
})()`

const sha256 = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const policyOf = (gateway: string): string =>
  [
    "default-src 'none'",
    `style-src ${sha256(css)}`,
    `script-src ${sha256(script)} ${gateway}`,
    'img-src data:',
    `frame-src ${gateway}`,
    `form-action 'self' ${gateway}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')

/** The order and its signed form. The script opens the window; without JavaScript the button posts the form. */
export function formPage({ order, form, environment, returnUrl, at }: FormPage): Response {
  const amount = `${groupThousands(order.amount)}원`
  const mode = environment === 'production' ? 'REAL' : 'STG'
  const day = koreanTimestamp(at).slice(0, 8)
  const page = `<!doctype html>
<html lang="ko">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>결제</title>
<link rel="icon" href="data:,">
<style>${css}</style>
<script src="${escapeHtml(`${form.scriptUrl}?version=${day}`)}" defer></script>
</head>
<body><main><section>
<h1>${escapeHtml(order.goodsName)}</h1>
<p class="total">${amount}</p>
<form id="sspay-form" method="post" action="${escapeHtml(form.action)}" accept-charset="utf-8" data-mode="${mode}">
${form.html()}
<button type="submit"><span>${amount} 결제하기 <span lang="en">· Pay</span></span><span hidden>결제창을 여는 중이에요 <span lang="en">· Opening</span></span></button>
</form>
<p class="hint">결제창이 열리지 않으면 버튼을 눌러 주세요.<br><span lang="en">If the payment window does not open, press the button.</span></p>
<form id="sspay-return" method="post" action="${escapeHtml(returnUrl)}"></form>
</section></main>
<script>${script}</script>
</body>
</html>`
  return new Response(page, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policyOf(new URL(form.action).origin),
      'x-content-type-options': 'nosniff',
      // The window posts its message to the exact origin of this page, which it takes from the Referer.
      'referrer-policy': 'strict-origin-when-cross-origin',
    },
  })
}
