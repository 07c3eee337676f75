import { consolePage } from '@sspay/gateway/internal'
import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'

type Html = ReturnType<typeof html>

interface ToolPage extends Omit<Parameters<typeof consolePage>[0], 'body'> {
  readonly title: string
  /** The paragraph below the title. */
  readonly intro: Html | LocalizedText
  readonly body: Html
}

/** A page of the sandbox in the console. */
export const toolPage = ({ intro, body, ...page }: ToolPage): Promise<Response> =>
  consolePage({
    ...page,
    body: html`<div class="page-head"><div><h1>${page.title}</h1>
<p class="small faint">${'ko' in intro ? noteText(intro) : intro}</p></div>${page.isLive ? html`<span class="live">자동으로 새로 고침</span>` : ''}</div>
${body}`,
  })

/** In Korean, like the rest of the console; the English text is its title. */
export const noteText = ({ ko, en }: LocalizedText): Html => html`<span title="${en}">${ko}</span>`
