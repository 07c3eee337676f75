import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { closeText, expiredEnding, finishedEnding, renderEnding } from './endings.ts'
import { type Html, type PageParts, renderDocument } from './frame.ts'
import type { ReturnChannel, WindowSession } from './model.ts'
import type { ShopMessage } from './return-by-message.ts'

const closeMessage: ShopMessage = { type: 'sspay:closed' }

export const renderCloseButton = ({ t }: PageParts, channel: ReturnChannel | undefined): Html =>
  channel?.by === 'message'
    ? html`<div class="actions"><button type="button" class="button block" data-close data-message="${JSON.stringify(closeMessage)}">${t(closeText)}</button></div>`
    : html``

/** The shop has gone on with this payment; the window has nothing left to say or to give but the way to the shop. */
export const renderFinishedPage = (parts: PageParts, { payment, facts: { channel } }: WindowSession): Html =>
  renderDocument({
    ...parts,
    title: parts.t(finishedEnding.title),
    channel,
    body: renderEnding(
      parts,
      finishedEnding,
      channel.by === 'message'
        ? renderCloseButton(parts, channel)
        : html`<div class="actions"><a class="button block" href="${new URL(payment.request.returnUrl).origin}/">${parts.t(toShopText)}</a></div>`,
    ),
  })

const toShopText: LocalizedText = { ko: '쇼핑몰로 가기', en: 'Go to the shop' }

/** Nobody knows this address any more, so not even the shop can be named. */
export const renderGonePage = (parts: PageParts): Html =>
  renderDocument({
    ...parts,
    title: parts.t(expiredEnding.title),
    body: renderEnding(parts, expiredEnding, html``),
  })
