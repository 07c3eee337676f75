import { html, type SafeHtml } from './html.ts'
import type { PaymentFlow } from './model.ts'

/** The one file of the shop with the wire's own names: the guide's sample page prescribes the ids and the script calls (STEP 2). */
export const paymentFormId = 'tranMgr'

/** What the Callback fills in and posts to the shop's ReturnUrl. Only the PC flow needs it. */
export const approvalForm = (returnUrl: string): SafeHtml =>
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

/** As in the guide: a Callback on PC, none on mobile. When the drop-in script did not load, the form goes to the gateway by itself. */
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
