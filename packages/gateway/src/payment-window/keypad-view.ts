import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import { keypadPictureSize } from '../keypad/digit-cell.ts'
import { clearCell, digitCells, eraseCell, type Keypad, passwordLength } from '../keypad/model.ts'
import type { Html } from './frame.ts'
import type { Translate } from './language.ts'

const { cellWidth, cellHeight, columns, rows } = keypadPictureSize

interface View {
  readonly t: Translate
  /** Keys show their digit as text, in order. */
  readonly labelsKeys?: boolean | undefined
  /** A reload of the page posts the last tap again. */
  readonly isPostedAgain?: boolean
}

/** Announced after each tap, with the count for `#`, never with a digit. */
const enteredText: LocalizedText = {
  ko: `${passwordLength}자리 중 #자리 입력`,
  en: `# of ${passwordLength} digits entered`,
}

/**
 * Scrambled keypad. A key posts a random token, never its digit, which only the picture shows; with labels the digits
 * are text on the keys, in order, and there is no picture. Without script each key posts its token, and `tapped` counts
 * them.
 */
export function renderKeypad(
  token: string,
  keypad: Keypad,
  tapped: number,
  { t, labelsKeys = false, isPostedAgain = false }: View,
): Html {
  const dots = Array.from({ length: passwordLength }, (_dot, index) => index < tapped)
  return html`<div class="dots" aria-hidden="true">${dots.map(
    (isFilled) => html`<span data-dot class="${isFilled ? 'dot filled' : 'dot'}"></span>`,
  )}</div>
<p class="visually-hidden" aria-live="polite" data-entered="${t(enteredText)}">${t(enteredText).replace('#', String(tapped))}</p>
<input type="hidden" name="taps" value="">${isPostedAgain ? html`<input type="hidden" name="tapped" value="${tapped}">` : ''}
<div class="keypad${labelsKeys ? ' labelled' : ''}" role="group" aria-label="${t({ ko: '가상 키패드', en: 'On-screen keypad' })}">
${labelsKeys ? '' : renderPicture(token, keypad, t)}
${keysOf(keypad, labelsKeys).map(
  (key, index) =>
    html`<button type="submit" class="cell-${key.cell}" name="tap" value="${key.token}" data-cell="${key.cell}"${
      key.digit === undefined
        ? html` aria-label="${t({ ko: `키 ${index + 1}번째 자리`, en: `Key at place ${index + 1}` })}"`
        : ''
    }${index === 0 && tapped > 0 ? html` autofocus` : ''}>${key.digit ?? ''}</button>`,
)}
<button type="submit" class="cell-${clearCell}" name="tap" value="clear" data-cell="${clearCell}">${t({ ko: '전체 삭제', en: 'Clear' })}</button>
<button type="submit" class="cell-${eraseCell}" name="tap" value="erase" data-cell="${eraseCell}">${t({ ko: '지우기', en: 'Erase' })}</button>
</div>
${labelsKeys ? renderWayBack(t) : renderWayToLabels(t)}`
}

interface Key {
  readonly cell: number
  readonly token: string | undefined
  readonly digit?: number
}

/** With labels, 1 to 9 and 0 as on a phone. */
const keysOf = ({ layout, tokens }: Keypad, labelsKeys: boolean): readonly Key[] =>
  digitCells.map((cell, index) => {
    if (!labelsKeys) return { cell, token: tokens[index] }
    const digit = (index + 1) % digitCells.length
    return { cell, digit, token: tokens[layout.indexOf(digit)] }
  })

const renderPicture = (token: string, { keypadId }: Keypad, t: Translate): Html =>
  html`<img data-keypad src="/ssp/window/${token}/keypad/${keypadId}.png" width="${(cellWidth * columns) / 2}" height="${(cellHeight * rows) / 2}" alt="${t(
    {
      ko: '숫자가 무작위로 놓인 가상 키패드예요. 볼 수 없으면 아래의 숫자를 보기 어려우신가요?를 눌러 주세요.',
      en: 'Keypad with the digits in random order. If you cannot see it, choose “Hard to see the digits?” below.',
    },
  )}" draggable="false">`

/** Inside the keypad's form, so that the chosen card and instalments are kept. */
const renderWayToLabels = (t: Translate): Html =>
  html`<details class="key-mode"><summary>${t({ ko: '숫자를 보기 어려우신가요?', en: 'Hard to see the digits?' })}</summary>
<p>${t({ ko: '키보드와 화면낭독기로 입력할 수 있게 숫자를 1부터 차례로 보여 드려요. 화면낭독기가 소리 내어 읽을 수 있으니 주변에 사람이 없는 내 기기에서만 사용해 주세요.', en: 'For a keyboard or a screen reader, the numbers will stand on the keys as text, in order. A screen reader may say them aloud, so use this only on your own device with nobody around.' })}</p>
<button class="link" name="keys" value="labels">${t({ ko: '숫자 키로 입력하기', en: 'Use keys with numbers' })}</button></details>`

const renderWayBack = (t: Translate): Html =>
  html`<div class="key-mode"><p data-typing hidden>${t({ ko: '키보드의 숫자와 Backspace 키로도 입력할 수 있어요.', en: 'You can also type the digits and Backspace.' })}</p>
<button class="link" name="keys" value="picture">${t({ ko: '그림 키패드로 돌아가기', en: 'Back to the picture keypad' })}</button></div>`
