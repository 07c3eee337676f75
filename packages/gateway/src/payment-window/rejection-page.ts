import { describeProblem, type LocalizedText, resultCodes } from '@sspay/protocol'
import { html, raw } from 'hono/html'
import type { Explanation } from '../diagnosis.ts'
import { renderCloseButton } from './endings.ts'
import { type Html, type PageParts, renderDocument } from './frame.ts'
import { otherLanguage } from './language.ts'
import type { ReturnChannel } from './model.ts'
import type { Rejected } from './read-request.ts'

/**
 * For the shop's developer and the buyer, so in both languages, the buyer's first: every field with its rule and limit,
 * and the same as JSON.
 */
export function renderRejectionPage(
  parts: PageParts,
  rejected: Omit<Rejected, 'ok'>,
  channel: ReturnChannel | undefined,
): Html {
  const { reason, problems, explanation, service } = rejected
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
    ...(explanation === undefined ? {} : { signature: explanation.mistakes }),
  }
  const { language, t } = parts
  const other = otherLanguage(language)
  const title: LocalizedText = { ko: '결제를 시작할 수 없습니다', en: 'The payment cannot be started' }
  const whatToDo: LocalizedText = {
    ko: '결제된 금액은 없습니다. 쇼핑몰로 돌아가 다시 시도해 주세요.',
    en: 'Nothing was charged. Go back to the shop and try again.',
  }
  return renderDocument({
    ...parts,
    title: `${t(title)} (${code})`,
    channel,
    body: html`<div class="window refusal"><main>
<h1>${t(title)}</h1>
<p class="lead" lang="${other}">${title[other]}</p>
<div class="notice danger" role="alert"><p class="strong">${code} ${t(explained)}</p><p lang="${other}">${explained[other]}</p></div>
${
  sentences.length === 0
    ? ''
    : html`<ul>${sentences.map((text) => html`<li>${t(text)}<br><span lang="${other}">${text[other]}</span></li>`)}</ul>`
}
${explanation === undefined ? '' : renderExplanation(explanation, parts)}
<p class="lead">${t(whatToDo)} <span lang="${other}">${whatToDo[other]}</span></p>
${renderCloseButton(parts, channel)}
<script type="application/json" data-rejection>${raw(jsonInHtml(machineReadable))}</script>
</main></div>`,
  })
}

function renderExplanation({ words, joined }: Explanation, { t, language }: PageParts): Html {
  const other = otherLanguage(language)
  return html`<div class="notice info"><p class="strong">${t(words)}</p><p lang="${other}">${words[other]}</p><p><code>${joined}</code></p></div>`
}

const jsonInHtml = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c')
