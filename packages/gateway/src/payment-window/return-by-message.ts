import { html } from 'hono/html'
import { closeWords, type Ending, renderEnding } from './endings.ts'
import { type Html, type PageParts, renderDocument } from './frame.ts'
import type { WindowSession } from './model.ts'

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

interface Message {
  readonly ending: Ending
  readonly message: ShopMessage
  /** Told by the script at once; otherwise by a button. */
  readonly isAutomatic: boolean
  readonly approvalTicket?: string | undefined
}

/** Tells the page around the frame, and nobody else: the exact origin is the message's address. */
export function renderReturnByMessage(parts: PageParts, session: WindowSession, told: Message): Html {
  const { payment, facts } = session
  const { ending, message, isAutomatic, approvalTicket } = told
  const shopOrigin = facts.channel.by === 'message' ? facts.channel.shopOrigin : ''
  const json = JSON.stringify(message)
  return renderDocument({
    ...parts,
    title: parts.say(ending.title),
    skin: payment.request.skin,
    channel: facts.channel,
    body: renderEnding(
      parts,
      ending,
      isAutomatic
        ? html`<div data-return="message" data-transaction-id="${payment.transactionId}" data-approval-ticket="${approvalTicket ?? ''}" data-target-origin="${shopOrigin}" data-message="${json}"></div>`
        : html`<div class="actions"><button type="button" class="button block" data-close data-message="${json}">${parts.say(closeWords)}</button></div>`,
    ),
  })
}
