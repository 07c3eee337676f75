import type { PaymentForm } from '@sspay/merchant'
import { maskMessage, paymentRequest } from '@sspay/protocol'
import type { Basket } from './goods.ts'
import { formatWon, type PaymentFlow } from './model.ts'
import { basketCard } from './order-page.ts'
import { html, raw, type SafeHtml } from './page.ts'

/** The guide's sample page prescribes the ids and the script calls (STEP 2). */
const paymentFormId = 'tranMgr'

/** Filled in by the Callback and posted to the ReturnUrl, in the PC flow only. */
const approvalForm = (returnUrl: string): SafeHtml =>
  html`<form id="approvalForm" name="approvalForm" method="post" action="${returnUrl}"><input type="hidden" id="Tid" name="Tid"><input type="hidden" id="TrAuthKey" name="TrAuthKey"></form>`

const init = `smartropay.init({ mode: 'STG', actionUri: '/ssp/reqPay.do' });`

const onSubmit = (open: string): string => `(function () {
  var form = document.getElementById('${paymentFormId}');
  form.addEventListener('submit', function (event) {
    if (!window.smartropay) return;
    event.preventDefault();
    ${init}
    ${open}
  });
})();`

/**
 * As in the guide: a Callback on PC, none on mobile. Without the drop-in script the form posts itself to the gateway.
 */
export const paymentScripts: Readonly<Record<PaymentFlow, string>> = {
  layer: onSubmit(`smartropay.payment({
      FormId: '${paymentFormId}',
      Callback: function (res) {
        var approvalForm = document.approvalForm;
        approvalForm.Tid.value = res.Tid;
        approvalForm.TrAuthKey.value = res.TrAuthKey;
        approvalForm.submit();
      }
    });`),
  page: onSubmit(`smartropay.payment({ FormId: '${paymentFormId}' });`),
}

export interface PaymentPage extends Basket {
  readonly orderId: string
  readonly form: PaymentForm
  readonly flow: PaymentFlow
  readonly returnUrl: string
  readonly consoleUrl: string
}

/** The signed form. Without scripts its button posts it to the gateway; with scripts the drop-in opens the window. */
export const paymentPage = (page: PaymentPage): SafeHtml => html`<div class="wide"><h1>결제</h1>
<div class="split checkout">
<div>${basketCard(page)}</div>
<div>
<section class="card">
<h2 class="card-title">간편결제</h2>
<p class="soft small">${
  page.flow === 'layer'
    ? '버튼을 누르면 이 화면 위에 결제창이 열려요.'
    : '버튼을 누르면 결제 화면으로 이동하고, 끝나면 이곳으로 돌아와요.'
}</p>
<form id="${paymentFormId}" name="${paymentFormId}" method="post" action="${page.form.action}" accept-charset="utf-8">
${raw(page.form.html())}
<div class="actions"><button class="button block" type="submit">${formatWon(page.amount)} 결제하기</button></div>
</form>
${page.flow === 'layer' ? approvalForm(page.returnUrl) : ''}
<p class="hint center">주문번호 ${page.orderId}</p>
</section>
${developerPanel(page)}
</div>
</div></div>`

const labels: Readonly<Record<string, { readonly label: string }>> = paymentRequest

const developerPanel = ({
  form,
  consoleUrl,
}: PaymentPage): SafeHtml => html`<details class="developer"><summary>개발자 보기</summary><div>
<p>이 화면이 <code>${form.action}</code> 로 보내는 값이에요. 개인정보와 검증값은 가렸어요.</p>
<div class="table-scroll"><table class="table"><thead><tr><th>항목</th><th>값</th></tr></thead><tbody>
${Object.entries(maskMessage(paymentRequest, form.fields)).map(
  ([name, text]) =>
    html`<tr><td><code>${name}</code><span class="faint">${labels[name]?.label ?? ''}</span></td><td>${text}</td></tr>`,
)}
</tbody></table></div>
<p><a href="${consoleUrl}">콘솔에서 결제 목록 보기</a></p>
</div></details>`
