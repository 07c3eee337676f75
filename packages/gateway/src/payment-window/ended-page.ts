import { html } from 'hono/html'
import { closeWords, expiredEnding, finishedEnding, renderEnding } from './endings.ts'
import { type Html, type PageParts, renderDocument } from './frame.ts'
import type { ReturnChannel } from './model.ts'
import type { ShopMessage } from './return-by-message.ts'

const closeMessage: ShopMessage = { type: 'sspay:closed' }

export const renderCloseButton = ({ say }: PageParts, channel: ReturnChannel | undefined): Html =>
  channel?.by === 'message'
    ? html`<div class="actions"><button type="button" class="button block" data-close data-message="${JSON.stringify(closeMessage)}">${say(closeWords)}</button></div>`
    : html``

/** The shop has gone on with this payment; the window has nothing left to say or to give. */
export const renderFinishedPage = (parts: PageParts, channel: ReturnChannel): Html =>
  renderDocument({
    ...parts,
    title: parts.say(finishedEnding.title),
    channel,
    body: renderEnding(parts, finishedEnding, renderCloseButton(parts, channel)),
  })

/** Nobody knows this address any more, so not even the shop can be named. */
export const renderGonePage = (parts: PageParts): Html =>
  renderDocument({
    ...parts,
    title: parts.say(expiredEnding.title),
    body: renderEnding(parts, expiredEnding, html``),
  })
