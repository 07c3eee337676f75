import { describeProblem, type LocalizedText, resultCodes } from '@sspay/protocol'
import { html, raw } from 'hono/html'
import type { Explanation } from '../diagnosis.ts'
import { renderWayOut } from './endings.ts'
import { type Html, type PageParts, renderDocument } from './frame.ts'
import { otherLanguage } from './language.ts'
import type { ReturnChannel } from './model.ts'
import type { Rejected } from './read-request.ts'

const alertMark: Html = html`<svg class="faint" viewBox="0 0 56 56" aria-hidden="true"><circle cx="28" cy="28" r="26" fill="none" stroke="currentColor" stroke-width="4"/><path d="M28 16v15m0 8v.5" fill="none" stroke="currentColor" stroke-width="5" stroke-linecap="round"/></svg>`

interface Texts {
  readonly title: LocalizedText
  readonly shopsFault: LocalizedText
  /** What a buyer can do about it; of all other reasons, only the shop can. */
  readonly buyerTexts: Partial<Record<Rejected['reason'], LocalizedText>>
}

const ofPayment: Texts = {
  title: { ko: '결제를 시작할 수 없어요', en: 'The payment cannot be started' },
  shopsFault: {
    ko: '쇼핑몰이 보낸 결제 정보에 문제가 있어요. 결제된 금액은 없으니 쇼핑몰에 알려 주세요.',
    en: 'The shop sent payment details that cannot be used. Nothing was charged. Please tell the shop.',
  },
  buyerTexts: {
    overloaded: {
      ko: '지금은 결제하는 분이 많아요. 결제된 금액은 없으니 잠시 뒤 다시 결제해 주세요.',
      en: 'It is very busy right now. Nothing was charged. Please pay again in a moment.',
    },
    request_too_old: {
      ko: '주문한 지 오래되었어요. 결제된 금액은 없으니 쇼핑몰에서 다시 결제해 주세요.',
      en: 'This order was started too long ago. Nothing was charged. Please pay again in the shop.',
    },
  },
}

const ofRegistration: Texts = {
  title: { ko: '정기결제 카드를 등록할 수 없어요', en: 'No card can be registered' },
  shopsFault: {
    ko: '쇼핑몰이 보낸 정보에 문제가 있어 정기결제 카드를 등록할 수 없어요. 쇼핑몰에 알려 주세요.',
    en: 'The shop sent details that cannot be used, so no card can be registered. Please tell the shop.',
  },
  buyerTexts: {
    overloaded: {
      ko: '지금은 이용하는 분이 많아요. 잠시 뒤 쇼핑몰에서 다시 시작해 주세요.',
      en: 'It is very busy right now. Please start again in the shop in a moment.',
    },
    request_too_old: {
      ko: '카드 등록을 시작한 지 오래되었어요. 쇼핑몰에서 다시 시작해 주세요.',
      en: 'This registration was started too long ago. Please start again in the shop.',
    },
  },
}

interface Opener {
  readonly channel: ReturnChannel | undefined
  /** Origin of the page that posted the form, if the browser sends it: leads back where the buyer came from. */
  readonly pageOrigin: string | undefined
  readonly isRegistration: boolean
}

/** One sentence and a way back for the buyer; folded, and as JSON, what the shop's developer needs to know. */
export function renderRejectionPage(
  parts: PageParts,
  rejected: Omit<Rejected, 'ok'>,
  { channel, pageOrigin, isRegistration }: Opener,
): Html {
  const { t } = parts
  const { reason } = rejected
  const { title, shopsFault, buyerTexts } = isRegistration ? ofRegistration : ofPayment
  const { code } = resultCodes[reason]
  const address = pageOrigin === undefined ? undefined : `${pageOrigin}/`
  return renderDocument({
    ...parts,
    title: `${t(title)} (${code})`,
    channel,
    body: html`<div class="window rejection"><main class="done">${alertMark}<h1>${t(title)}</h1><p>${t(buyerTexts[reason] ?? shopsFault)}</p>
${renderWayOut(parts, channel, { address })}
${renderDeveloperInfo(parts, rejected)}</main></div>`,
  })
}

/** In both languages, the buyer's first: what is wrong, every field with its rule and limit, where to look further. */
function renderDeveloperInfo(parts: PageParts, rejected: Omit<Rejected, 'ok'>): Html {
  const { reason, problems, explanation, service } = rejected
  const { language, t, consoleUrl } = parts
  const other = otherLanguage(language)
  const { code, ...sentence } = resultCodes[reason]
  const explained =
    service === undefined ? sentence : { ko: `${service.ko}: ${sentence.ko}`, en: `${service.en}: ${sentence.en}` }
  // Only a malformed field has a rule to describe; other rejections point at the fields that decide them.
  const sentences = problems.map((problem) =>
    reason === 'field_invalid'
      ? describeProblem(problem)
      : { ko: `확인할 값: ${problem.label}(${problem.field})`, en: `Look at ${problem.field} (${problem.label})` },
  )
  const machineReadable = {
    code,
    reason,
    fields: problems.map(({ field, rule, maxLength }) => ({ field, rule, maxLength })),
    ...(explanation === undefined ? {} : { cause: explanation.words }),
    ...(explanation?.joined === undefined ? {} : { signature: explanation.mistakes }),
  }
  return html`<details class="developer"><summary>${t({ ko: '개발자 정보', en: 'For developers' })} <code>${code}</code></summary>
${explanation === undefined ? '' : renderExplanation(explanation, parts)}
<p class="strong">${code} ${t(explained)}</p><p lang="${other}">${explained[other]}</p>
${
  sentences.length === 0
    ? ''
    : html`<ul>${sentences.map((text) => html`<li>${t(text)}<br><span lang="${other}">${text[other]}</span></li>`)}</ul>`
}
<p>${t({ ko: '원인과 할 일', en: 'Cause and cure' })}: <code>docs/reference/${language}/errors.md#${code.toLowerCase()}</code></p>
${consoleUrl === undefined ? '' : html`<p><a href="${consoleUrl}/requests" target="_blank" rel="noopener">${t({ ko: '요청 로그에서 이 요청 보기', en: 'See this request in the request log' })}</a></p>`}
<script type="application/json" data-rejection>${raw(jsonInHtml(machineReadable))}</script></details>`
}

function renderExplanation({ words, joined }: Explanation, { t, language }: PageParts): Html {
  const other = otherLanguage(language)
  return html`<div class="notice info"><p class="strong">${t(words)}</p><p lang="${other}">${words[other]}</p>${joined === undefined ? '' : html`<p><code>${joined}</code></p>`}</div>`
}

const jsonInHtml = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c')
