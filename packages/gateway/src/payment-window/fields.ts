import type { LocalizedText } from '@sspay/protocol'
import { html } from 'hono/html'
import type { Html, PageParts } from './frame.ts'
import type { WindowState } from './model.ts'

interface TextInput {
  readonly name: string
  readonly label: LocalizedText
  readonly attributes?: Html | string
  readonly hint?: LocalizedText
  readonly isOptional?: boolean
  readonly problems: WindowState['problems']
  /** What the buyer has typed before. */
  readonly value?: string | undefined
  readonly hasFocus?: boolean
  /** Beside the input, in its field. */
  readonly beside?: Html | string
  readonly check?: FieldCheck
}

/** For the script, which says at the field what the server would say on the next page. */
interface FieldCheck {
  /** Regular expression of the whole value without blanks, hyphens, slashes, dots and brackets. */
  readonly right: string
  readonly wrong: LocalizedText
}

export const checkedBy = ({ t }: PageParts, { right, wrong }: FieldCheck): Html =>
  html`data-right="${right}" data-wrong="${t(wrong)}"`

/** Ties input, error and hint together for assistive technology. */
export const describedBy = (name: string, problem: LocalizedText | undefined, hasHint = false): Html => {
  const ids = [...(hasHint ? [`${name}-hint`] : []), ...(problem === undefined ? [] : [`${name}-error`])]
  return html`${problem === undefined ? '' : html` aria-invalid="true"`}${ids.length === 0 ? '' : html` aria-describedby="${ids.join(' ')}"`}`
}

/** The field to begin with: the first wrong one, or the first that is still empty. */
export const firstToType = (
  names: readonly string[],
  problems: WindowState['problems'],
  values: Readonly<Record<string, string | undefined>>,
): string | undefined =>
  names.find((name) => problems?.[name] !== undefined) ?? names.find((name) => (values[name] ?? '') === '')

/** In a frame of another site browsers reject the attribute; there the script moves the focus. */
export const focused = ({ isFramed }: PageParts, hasFocus: boolean): Html => {
  if (!hasFocus) return html``
  return isFramed ? html` data-focus` : html` autofocus`
}

export const renderError = ({ t }: PageParts, name: string, problem: LocalizedText | undefined): Html =>
  problem === undefined ? html`` : html`<p class="error" id="${name}-error" role="alert">${t(problem)}</p>`

export const typedValue = (value: string | undefined): Html => (value ? html` value="${value}"` : html``)

export function renderInput(
  parts: PageParts,
  { name, label, attributes = '', hint, isOptional = false, problems, value, ...rest }: TextInput,
): Html {
  const { hasFocus = false, beside = '', check } = rest
  const problem = problems?.[name]
  return html`<div class="field"><label for="${name}">${parts.t(label)}</label>
<input type="text" id="${name}" name="${name}"${typedValue(value)} ${isOptional ? '' : 'required '}${attributes}${check === undefined ? '' : html` ${checkedBy(parts, check)}`}${describedBy(name, problem, hint !== undefined)}${focused(parts, hasFocus)}>${beside}
${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${parts.t(hint)}</p>`}${renderError(parts, name, problem)}</div>`
}

interface Select {
  readonly name: string
  readonly label: LocalizedText
  readonly options: readonly { readonly value: string; readonly text: string }[]
  readonly chosen?: string | undefined
  readonly placeholder?: LocalizedText
  readonly attributes?: Html | string
}

export const renderSelect = (
  { t }: PageParts,
  { name, label, options, chosen, placeholder, attributes = '' }: Select,
): Html =>
  html`<div class="field"><label for="${name}">${t(label)}</label>
<select id="${name}" name="${name}" ${attributes}>${placeholder === undefined ? '' : html`<option value="">${t(placeholder)}</option>`}${options.map(
    ({ value, text }) => html`<option value="${value}"${value === chosen ? html` selected` : ''}>${text}</option>`,
  )}</select></div>`

export const numeric = (maxLength: number): Html =>
  html`inputmode="numeric" maxlength="${maxLength}" autocomplete="off"`

/** Posts its step to the page's own address. */
export const renderForm = (step: string, content: Html, attributes: Html = html``): Html =>
  html`<form method="post" data-step="${step}"${attributes}><input type="hidden" name="step" value="${step}">
${content}
</form>`

/** A form that says what is wrong at its fields, in place of the browser's own bubbles. */
export const renderTypedForm = (step: string, content: Html): Html => renderForm(step, content, html` novalidate`)

/** A button that looks like a link, and works without script. */
export const renderSideStep = ({ t }: PageParts, step: string, label: LocalizedText): Html =>
  html`<form method="post" data-step="${step}"><button class="link" name="step" value="${step}">${t(label)}</button></form>`

interface TestInput {
  readonly fields: Readonly<Record<string, string>>
  readonly text: LocalizedText
  readonly button: LocalizedText
}

/** In the window of a sandbox: sends what its developer would type, by one tap. */
export const renderTestInput = ({ t }: PageParts, { fields, text, button }: TestInput): Html =>
  html`<form class="test-input" method="post"><button class="button secondary">${t(button)}</button>${Object.entries(
    fields,
  ).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}<span>${t(text)}</span></form>`
