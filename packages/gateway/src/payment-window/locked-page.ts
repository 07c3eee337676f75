import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { type Html, type PageParts, renderStep } from './frame.ts'
import type { WindowSession } from './model.ts'

const boundText: LocalizedText = {
  ko: '본인인증으로 확인된 정보가 없는 회원이라 여기에서 잠금을 풀 수 없습니다. 쇼핑몰에 간편결제 회원 삭제를 요청하면 다시 가입해 결제할 수 있습니다.',
  en: 'Your membership has no verified identity, so the lock cannot be lifted here. Ask the shop to delete your easy payment membership; then you can sign up again and pay.',
}

const pendingText: LocalizedText = {
  ko: '결제를 중단하고 쇼핑몰에서 처음부터 다시 시도해 주세요.',
  en: 'Cancel this payment and start again in the shop.',
}

/** For a member whom no identity verification can free: only the shop can end the membership. */
export const renderLockedPage = (parts: PageParts, session: WindowSession): Html =>
  renderStep(parts, session, {
    page: 'locked',
    title: { ko: '결제 비밀번호 잠김', en: 'Password locked' },
    content: html`<h1>${parts.t({ ko: '결제 비밀번호가 잠겼습니다', en: 'Your payment password is locked' })}</h1>
<p class="lead">${parts.t(session.member?.isPending === true ? pendingText : boundText)}</p>`,
  })
