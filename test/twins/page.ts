import { encodeForm } from '@sspay/protocol/charset'
import { type HtmlForm, readForms } from '../../packages/sandbox/src/buyer/html-forms.ts'
import type { Client, Fields } from './clients.ts'

const escapeHtml = (text: string): string => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;')

const inputOf = ([name, value]: readonly [string, string]): string =>
  `<input type="hidden" name="${name}" value="${escapeHtml(value)}" />`

/** A page as the guide's sample shows it, with ReturnUrl twice. */
function pageWith(fields: Fields, charset: Client['pageCharset']): string {
  return `<html><head><meta http-equiv="Content-Type" content="text/html; charset=${charset}" />
<script type="text/javascript">
function goPay() {
  smartropay.init({ mode: 'STG' });
  smartropay.payment({ FormId: 'tranMgr', Callback: function (res) {
    var approvalForm = document.getElementById('approvalForm');
    approvalForm.Tid.value = res.Tid;
    approvalForm.TrAuthKey.value = res.TrAuthKey;
    approvalForm.submit();
  } });
}
</script></head><body>
<form id="tranMgr" name="tranMgr" method="post" accept-charset="${charset}">
${Object.entries(fields).map(inputOf).join('\n')}
${fields.ReturnUrl ? inputOf(['ReturnUrl', fields.ReturnUrl]) : ''}
</form>
<form id="approvalForm" method="post" action="${fields.ReturnUrl}">
<input type="hidden" name="Tid" /><input type="hidden" name="TrAuthKey" />
</form>
<a href="javascript:goPay()">결제하기</a></body></html>`
}

const bodyOf = ({ fields }: HtmlForm, charset: Client['pageCharset']): string =>
  fields.map(({ name, value }) => encodeForm({ [name]: value }, charset)).join('&')

/** The body of the form, as a browser posts it from a page in that charset. */
export function postedFrom({ language, pageCharset }: Client, fields: Fields): string {
  if (language !== 'HTML') return encodeForm(fields, pageCharset)
  const form = readForms(pageWith(fields, pageCharset)).find(({ attributes }) => attributes.id === 'tranMgr')
  return form === undefined ? '' : bodyOf(form, pageCharset)
}
