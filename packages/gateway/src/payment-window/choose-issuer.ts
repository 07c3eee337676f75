import { type CardCompany, cardCompanies, findCardCompany } from '@sspay/protocol'
import { html } from 'hono/html'
import { renderOfferedMonths } from './card-choice.ts'
import { monthsOffered } from './card-rules.ts'
import { issuerText } from './card-text.ts'
import { renderForm, renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import { problem, type Submission, type WindowChange, type WindowSession } from './model.ts'

/** By number of cards in use, roughly; all others are one tap further. */
const firstIssuers = ['06', '04', '07', '02', '08', '15', '16', '12', '01', '37', '43', '55']

const isFirst = ({ code }: CardCompany): boolean => firstIssuers.includes(code)

/** First page of a general card payment after its terms: the issuer of the card, and the instalments. */
export function renderIssuerPage(parts: PageParts, session: WindowSession): Html {
  const { t } = parts
  const renderIssuers = (codes: readonly string[]): Html =>
    html`<div class="issuers">${codes.map((code) => html`<button class="issuer" name="issuerCode" value="${code}" data-issuer="${code}">${t(issuerText(code))}</button>`)}</div>`
  const others = cardCompanies.filter((company) => !isFirst(company)).map(({ code }) => code)
  return renderStep(parts, session, {
    page: 'issuer',
    title: { ko: '카드사 선택', en: 'Choose an issuer' },
    content: html`<h1>${t({ ko: '어느 카드로 결제할까요?', en: 'Which card do you pay with?' })}</h1>
${renderForm(
  'issuer',
  html`${renderOfferedMonths(parts, session)}
${renderIssuers(firstIssuers)}
<details class="corporate other-issuers"><summary>${t({ ko: '다른 카드사', en: 'Other issuers' })}</summary>${renderIssuers(others)}</details>`,
)}${session.cards.length === 0 ? '' : html`<div class="aside">${renderSideStep(parts, 'keep-cards', { ko: '앞서 입력한 카드로 결제하기', en: 'Pay with the card entered before' })}</div>`}`,
  })
}

export function submitIssuer({ session, form }: Submission): WindowChange {
  const issuerCode = form.get('issuerCode') ?? ''
  if (findCardCompany(issuerCode) === undefined)
    return problem({ ko: '결제할 카드의 카드사를 선택해 주세요.', en: 'Choose the issuer of your card.' })
  const installmentMonths = monthsOffered(session).find((months) => months === Number(form.get('installmentMonths')))
  return { issuerCode, ...(installmentMonths === undefined ? {} : { installmentMonths }) }
}
