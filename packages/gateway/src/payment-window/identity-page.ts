import { html } from 'hono/html'
import { carriers } from '../identity/model.ts'
import { describedBy, numeric, renderError, renderForm, renderInput, renderSelect, renderSideStep } from './fields.ts'
import { type Html, type PageParts, renderStep } from './frame.ts'
import type { WindowSession } from './model.ts'

export function renderIdentityPage(parts: PageParts, session: WindowSession): Html {
  const { member, facts } = session
  const { problems } = facts
  const isNewMember = member === undefined
  return renderStep(parts, session, {
    page: 'identity',
    title: '본인인증',
    content: html`<h1>휴대폰으로 본인인증을 해주세요</h1>
<p class="lead">${isNewMember ? '처음 가입할 때만 확인합니다.' : '확인되면 결제 비밀번호를 새로 정할 수 있습니다.'}</p>
${renderForm(
  'identity',
  html`${renderInput({ name: 'name', label: '이름', attributes: html`maxlength="30" autocomplete="name"`, problems })}
${renderResidentNumber(problems)}
${renderSelect({ name: 'carrier', label: '통신사', placeholder: '선택하세요', attributes: html`required${describedBy('carrier', problems?.carrier)}`, options: carriers.map((carrier) => ({ value: carrier, text: carrier })) })}
${renderError('carrier', problems?.carrier)}
${renderInput({ name: 'phone', label: '휴대폰 번호', attributes: html`inputmode="tel" maxlength="20" autocomplete="tel-national"`, hint: "'-' 없이 숫자만 입력해도 됩니다.", problems })}
<div class="actions"><button class="button block">인증번호 받기</button></div>`,
)}${member?.hasPassword && !member.isLocked ? html`<div class="aside">${renderSideStep('keep-password', '비밀번호로 결제하기')}</div>` : ''}`,
  })
}

/** The six digits of the birth date and the first of the other seven, as Korean forms ask for them. */
function renderResidentNumber(problems: WindowSession['facts']['problems']): Html {
  const birthProblem = problems?.birthDate
  const genderProblem = problems?.genderDigit
  return html`<fieldset class="field"><legend>생년월일과 주민등록번호 뒷자리 첫 숫자</legend>
<div class="row"><div class="grow"><label class="visually-hidden" for="birthDate">생년월일 6자리</label><input type="text" id="birthDate" name="birthDate" required ${numeric(6)} pattern="[0-9]{6}" placeholder="예: 900101" title="생년월일 6자리"${describedBy('birthDate', birthProblem)}></div>
<span class="dash" aria-hidden="true">-</span>
<div class="gender"><label class="visually-hidden" for="genderDigit">뒷자리 첫 숫자</label><input type="text" id="genderDigit" name="genderDigit" required ${numeric(1)} pattern="[1-8]" title="1부터 8까지의 숫자"${describedBy('genderDigit', genderProblem)}></div>
<span class="masked" aria-hidden="true">●●●●●●</span></div>
${renderError('birthDate', birthProblem)}${renderError('genderDigit', genderProblem)}</fieldset>`
}

export function renderCodePage(parts: PageParts, session: WindowSession): Html {
  const { problems, verification } = session.facts
  return renderStep(parts, session, {
    page: 'identity-code',
    title: '인증번호 입력',
    content: html`<h1>문자로 받은 인증번호를<br>입력해 주세요</h1>
<p class="lead">끝자리 ${verification?.draft.phone.slice(-2) ?? ''}번 휴대폰으로 보냈습니다. ${Math.round(parts.codeLifeMs / 60_000)}분 안에 입력해 주세요.</p>
${renderForm(
  'identity-code',
  html`<div class="code">${renderInput({ name: 'code', label: '인증번호 6자리', attributes: html`inputmode="numeric" maxlength="6" pattern="[0-9]{6}" autocomplete="one-time-code" title="숫자 6자리"`, problems })}</div>
<div class="actions"><button class="button block">확인</button></div>`,
)}
<div class="aside">${renderSideStep('resend-code', '인증번호 다시 받기')}${renderSideStep('edit-identity', '정보 수정하기')}</div>`,
  })
}
