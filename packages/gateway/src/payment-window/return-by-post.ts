import { html } from 'hono/html'
import { type Ending, renderEnding } from './endings.ts'
import { type Html, type PageParts, renderDocument } from './frame.ts'
import type { WindowSession } from './model.ts'

interface PostBack {
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
  readonly ending: Ending
  /** Sent by the script at once; otherwise the buyer reads the page first. */
  readonly isAutomatic: boolean
}

/** A form to the shop in the charset it asked for; `accept-charset` makes every browser encode so, whatever the page is in. */
export function renderReturnByPost(parts: PageParts, { payment }: WindowSession, back: PostBack): Html {
  const { action, fields, ending, isAutomatic } = back
  const { answerCharset, skin } = payment.request
  const { say } = parts
  return renderDocument({
    ...parts,
    title: say(ending.title),
    skin,
    body: renderEnding(
      parts,
      ending,
      html`<form method="post" action="${action}" accept-charset="${answerCharset ?? 'utf-8'}"${isAutomatic ? html` data-return="post"` : html` data-return="later"`}>
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${isAutomatic ? html`<p class="hint">${say({ ko: '넘어가지 않으면 아래 버튼을 눌러 주세요.', en: 'If nothing happens, press the button below.' })}</p>` : ''}<div class="actions"><button class="button block">${say({ ko: '쇼핑몰로 돌아가기', en: 'Back to the shop' })}</button></div></form>`,
    ),
  })
}

/**
 * For the page's policy. Browsers hold a form to it through the shop's own redirects as well, so besides the shop's address every
 * https one is allowed, and every http one for a shop on http.
 */
export function formTargetsOf(action: string): readonly string[] {
  const { origin, protocol } = new URL(action)
  return protocol === 'http:' ? [origin, 'http:', 'https:'] : [origin, 'https:']
}
