import { html } from 'hono/html'
import { digitCells, eraseCell, type Keypad, passwordLength } from '../keypad/model.ts'
import { keypadPictureSize } from '../keypad/picture.ts'
import type { Html } from './frame.ts'

const { cellWidth, cellHeight, columns, rows } = keypadPictureSize

/**
 * Keys know their place and a random token, never their digit; only the picture shows it. Without script each key posts its
 * own token and `tapped` counts them.
 */
export function renderKeypad(token: string, { keypadId, tokens }: Keypad, tapped: number): Html {
  const dots = Array.from({ length: passwordLength }, (_dot, index) => index < tapped)
  return html`<div class="dots" aria-hidden="true">${dots.map(
    (isFilled) => html`<span data-dot class="${isFilled ? 'dot filled' : 'dot'}"></span>`,
  )}</div>
<p class="visually-hidden" aria-live="polite" data-entered>${passwordLength}자리 중 ${tapped}자리 입력</p>
<input type="hidden" name="taps" value="">
<div class="keypad" role="group" aria-label="가상 키패드">
<img data-keypad src="/ssp/window/${token}/keypad/${keypadId}.png" width="${(cellWidth * columns) / 2}" height="${(cellHeight * rows) / 2}" alt="숫자가 무작위로 놓인 가상 키패드" draggable="false">
${digitCells.map(
  (cell, index) =>
    html`<button type="submit" class="cell-${cell}" name="tap" value="${tokens[index]}" data-cell="${cell}" aria-label="키 ${index + 1}번째 자리"></button>`,
)}
<button type="submit" class="cell-${eraseCell}" name="tap" value="erase" data-cell="${eraseCell}">지우기</button>
</div>`
}
