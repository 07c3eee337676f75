import { koreanTimestamp, type LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import type { PasskeyOptions } from '../passkeys/challenge.ts'
import { mostPasskeys, type Passkey } from '../passkeys/model.ts'
import { renderForm, renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import type { WindowSession } from './model.ts'

interface PasskeyButton {
  readonly step: string
  readonly label: LocalizedText
  /** Shown when the browser or the buyer cancels. */
  readonly failed: LocalizedText
}

/** WebAuthn needs a script, so the button is hidden without one. The form posts the device's answer. */
export const renderPasskeyButton = (
  { t }: PageParts,
  { challengeId, options }: PasskeyOptions<object>,
  { step, label, failed }: PasskeyButton,
): Html =>
  html`<div class="passkey" data-passkey hidden>
<input type="hidden" name="challengeId" value="${challengeId}"><input type="hidden" name="credential" value="">
<button type="button" class="button block" data-passkey-step="${step}" data-options="${JSON.stringify(options)}">${t(label)}</button>
<p class="error" role="alert" data-passkey-failed hidden>${t(failed)}</p>
</div>`

/** The first passkey is only offered where script and WebAuthn are available. */
export function renderPasskeyLink(parts: PageParts, hasPasskeys: boolean): Html {
  if (!parts.allowsPasskeys) return html``
  return hasPasskeys
    ? renderSideStep(parts, 'add-passkey', { ko: '패스키 관리', en: 'Manage passkeys' })
    : html`<span data-passkey hidden>${renderSideStep(parts, 'add-passkey', { ko: '패스키 추가', en: 'Add a passkey' })}</span>`
}

export const notConfirmedText: LocalizedText = {
  ko: '패스키를 확인하지 못했어요. 다시 누르거나 결제 비밀번호를 입력해 주세요.',
  en: 'Your passkey could not be confirmed. Try again, or enter your payment password.',
}

export const mostPasskeysText: LocalizedText = {
  ko: `패스키는 ${mostPasskeys}개까지 만들 수 있어요. 쓰지 않는 패스키를 먼저 삭제해 주세요.`,
  en: `You can have up to ${mostPasskeys} passkeys. Delete one that you no longer use first.`,
}

const createButton: PasskeyButton = {
  step: 'passkey',
  label: { ko: '패스키 만들기', en: 'Create a passkey' },
  failed: {
    ko: '패스키를 만들지 못했어요. 이 기기에 이미 있거나 취소되었을 수 있어요. 다시 누르거나 결제로 돌아가 주세요.',
    en: 'No passkey was created. This device may have one already, or you cancelled. Try again, or go back to the payment.',
  },
}

export function renderPasskeyPage(
  parts: PageParts,
  session: WindowSession,
  { offer, passkeys }: { readonly offer: PasskeyOptions<object> | undefined; readonly passkeys: readonly Passkey[] },
): Html {
  const { t } = parts
  const isFull = passkeys.length >= mostPasskeys
  return renderStep(parts, session, {
    page: 'passkey',
    title: { ko: '패스키', en: 'Passkeys' },
    content: html`<h1>${t({ ko: '지문이나 얼굴로 결제하기', en: 'Pay with your fingerprint or face' })}</h1>
<p class="lead">${t({ ko: '이 기기의 화면 잠금으로 결제해요. 지문과 얼굴 정보는 기기 밖으로 나가지 않아요.', en: 'You pay by unlocking this device. Your fingerprint and face never leave it.' })}</p>
${passkeys.length === 0 ? '' : renderPasskeys(parts, passkeys)}
${isFull || offer === undefined ? '' : html`${renderForm('passkey', html`<div class="actions">${renderPasskeyButton(parts, offer, createButton)}</div>`)}<p class="notice info" data-no-passkey>${t({ ko: '이 브라우저에서는 패스키를 만들 수 없어요. 결제 비밀번호로 결제해 주세요.', en: 'This browser cannot create a passkey. Please pay with your password.' })}</p>`}
${isFull ? html`<p class="notice info">${t(mostPasskeysText)}</p>` : ''}
<div class="aside">${renderSideStep(parts, 'keep-passkeys', { ko: '결제로 돌아가기', en: 'Back to the payment' })}</div>`,
  })
}

/** 2025-01-02, Korean time. */
const dayText = (at: Date): string => koreanTimestamp(at).replace(/^(....)(..)(..).*$/, '$1-$2-$3')

function passkeyText({ createdAt, lastUsedAt }: Passkey): LocalizedText {
  const made: LocalizedText = { ko: `${dayText(createdAt)} 등록`, en: `Added ${dayText(createdAt)}` }
  if (lastUsedAt === undefined) return made
  return { ko: `${made.ko} · ${dayText(lastUsedAt)} 사용`, en: `${made.en} · used ${dayText(lastUsedAt)}` }
}

const renderPasskeys = ({ t }: PageParts, passkeys: readonly Passkey[]): Html =>
  html`<dl class="facts passkeys">${passkeys.map((passkey, index) => {
    const name = t({ ko: `패스키 ${index + 1}`, en: `Passkey ${index + 1}` })
    return html`<div><dt>${name}<br><span class="small">${t(passkeyText(passkey))}</span></dt>
<dd><form method="post" data-step="delete-passkey"><input type="hidden" name="step" value="delete-passkey"><button class="link" name="passkeyId" value="${passkey.passkeyId}" aria-label="${t({ ko: `${name} 삭제`, en: `Delete ${name}` })}">${t({ ko: '삭제', en: 'Delete' })}</button></form></dd></div>`
  })}</dl>`
