import { html } from 'hono/html'
import type { Keypad } from '../keypad/model.ts'
import { renderCardChoice } from './card-choice.ts'
import { renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import { renderKeypad } from './keypad-view.ts'
import type { PageName, WindowSession } from './model.ts'

interface PasswordPage {
  readonly title: string
  readonly lead: string
}

const pages: Readonly<Record<'password-set' | 'password-repeat' | 'password', PasswordPage>> = {
  'password-set': {
    title: '사용할 결제 비밀번호 6자리',
    lead: '생년월일, 전화번호, 반복·연속 숫자는 쓸 수 없습니다.',
  },
  'password-repeat': { title: '한 번 더 입력해 주세요', lead: '같은 비밀번호를 다시 입력합니다.' },
  password: { title: '결제 비밀번호 6자리', lead: '' },
}

export type PasswordPageName = keyof typeof pages

export const isPasswordPage = (page: PageName): page is PasswordPageName => Object.hasOwn(pages, page)

export function renderPasswordPage(
  parts: PageParts,
  session: WindowSession,
  page: PasswordPageName,
  keypad: Keypad,
): Html {
  const { title, lead } = pages[page]
  const tapped = session.facts.keypad?.taps.length ?? 0
  const paysAtOnce = page === 'password'
  return renderStep(parts, session, {
    page,
    title,
    content: html`<form method="post" data-step="${page}" data-keypad-form><input type="hidden" name="step" value="${page}">
${paysAtOnce ? renderCardChoice(session) : ''}
<h1>${title}</h1>
${lead === '' ? '' : html`<p class="rule">${lead}</p>`}
${renderKeypad(session.token, keypad, tapped)}
</form>
${paysAtOnce ? html`<div class="aside">${renderSideStep('add-card', '카드 추가')}${renderSideStep('reset-password', '비밀번호 재설정')}</div>` : ''}`,
  })
}
