import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { type Ending, renderEnding } from './endings.ts'
import { type Html, type PageParts, renderDocument } from './frame.ts'
import type { WindowSession } from './model.ts'
import { isPlainOrigin } from './request-origin.ts'

export interface WayBack {
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
  readonly ending: Ending
  /** Told by the script at once; otherwise the buyer reads the page first. */
  readonly isAutomatic: boolean
}

/** A form to the shop in the charset it asked for. */
export function renderReturnByPost(parts: PageParts, { payment }: WindowSession, back: WayBack): Html {
  const { ending, isAutomatic } = back
  const { answerCharset, skin } = payment.request
  return renderDocument({
    ...parts,
    title: parts.t(ending.title),
    skin,
    body: renderEnding(
      parts,
      ending,
      renderReturnForm(parts, back, { answerCharset, sent: isAutomatic ? 'post' : 'later' }),
    ),
  })
}

interface ReturnForm {
  readonly answerCharset: string | undefined
  /** By the script at once, by its button, or by its button when the page around the window does not answer. */
  readonly sent: 'post' | 'later' | 'severed'
}

const ifNothingHappens: LocalizedText = {
  ko: '넘어가지 않으면 아래 버튼을 눌러 주세요.',
  en: 'If nothing happens, press the button below.',
}

/** `accept-charset` makes every browser encode so, whatever the page is in; the target leaves a frame, if there is one. */
export const renderReturnForm = (
  { t }: PageParts,
  { action, fields }: Pick<WayBack, 'action' | 'fields'>,
  { answerCharset, sent }: ReturnForm,
): Html =>
  html`<form method="post" action="${action}" accept-charset="${answerCharset ?? 'utf-8'}" data-return="${sent}"${sent === 'severed' ? html` target="_top"` : ''}>
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${sent === 'later' ? '' : html`<p class="hint">${t(ifNothingHappens)}</p>`}<div class="actions"><button class="button block">${t({ ko: '쇼핑몰로 돌아가기', en: 'Back to the shop' })}</button></div></form>`

/**
 * For the page's policy. Browsers hold a form to it through the shop's own redirects as well, so besides the shop's address every
 * https one is allowed, and every http one for a shop on http.
 */
export function formTargetsOf(action: string): readonly string[] {
  const { origin, protocol } = new URL(action)
  const own = isPlainOrigin(origin) ? [origin] : []
  return protocol === 'http:' ? [...own, 'http:', 'https:'] : [...own, 'https:']
}
