import { html } from 'hono/html'
import { closeText, renderEnding } from './endings.ts'
import { type Html, type PageParts, renderDocument } from './frame.ts'
import type { WindowSession } from './model.ts'
import { renderReturnForm, type WayBack } from './return-by-post.ts'

/** What the drop-in script hears; its names are the guide's, because the shop's callback gets them. */
export type ShopMessage =
  | { readonly type: 'sspay:authenticated'; readonly [wireName: string]: string }
  | {
      readonly type: 'sspay:aborted'
      readonly action: string
      readonly acceptCharset: string
      readonly fields: Readonly<Record<string, string>>
    }
  | { readonly type: 'sspay:closed' }

interface Message extends WayBack {
  readonly message: ShopMessage
  readonly approvalTicket?: string | undefined
}

/**
 * Tells the page around the frame, and nobody else: the exact origin is the message's address. That page takes the window away; where
 * it is gone, or hears nothing, or no script runs, a form leads back.
 */
export function renderReturnByMessage(parts: PageParts, session: WindowSession, told: Message): Html {
  const { payment, facts } = session
  const { ending, message, isAutomatic, approvalTicket } = told
  const shopOrigin = facts.channel.by === 'message' ? facts.channel.shopOrigin : ''
  const json = JSON.stringify(message)
  return renderDocument({
    ...parts,
    title: parts.t(ending.title),
    skin: payment.request.skin,
    channel: facts.channel,
    body: renderEnding(
      parts,
      ending,
      html`${
        isAutomatic
          ? html`<div data-return="message" data-transaction-id="${payment.transactionId}" data-approval-ticket="${approvalTicket ?? ''}" data-target-origin="${shopOrigin}" data-message="${json}"></div>`
          : html`<div class="actions"><button type="button" class="button block" data-close data-message="${json}">${parts.t(closeText)}</button></div>`
      }
${renderReturnForm(parts, told, { answerCharset: payment.request.answerCharset, sent: 'severed' })}`,
    ),
  })
}
