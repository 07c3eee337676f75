import { html } from './html.ts'
import { shopPage } from './page.ts'
import { verdict } from './status-page.ts'

export const notFoundPage = (): Promise<Response> =>
  problemPage(404, '찾는 화면이 없습니다', '주소가 바뀌었거나 다른 분의 주문일 수 있습니다.')

/** A sentence and a way back. */
export const problemPage = (status: 400 | 403 | 404 | 500, title: string, sentence: string): Promise<Response> =>
  shopPage({
    status,
    title,
    body: html`<div class="column">${verdict('warning', title, sentence)}<div class="actions"><a class="button block" href="/">상점으로</a></div></div>`,
  })
