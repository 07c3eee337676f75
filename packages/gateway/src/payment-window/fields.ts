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
}

/** Ties input and error together for assistive technology. */
export const describedBy = (name: string, problem: LocalizedText | undefined): Html =>
  problem === undefined ? html`` : html` aria-invalid="true" aria-describedby="${name}-error"`

export const renderError = ({ t }: PageParts, name: string, problem: LocalizedText | undefined): Html =>
  problem === undefined ? html`` : html`<p class="error" id="${name}-error" role="alert">${t(problem)}</p>`

export function renderInput(
  parts: PageParts,
  { name, label, attributes = '', hint, isOptional = false, problems }: TextInput,
): Html {
  const problem = problems?.[name]
  return html`<div class="field"><label for="${name}">${parts.t(label)}</label>
<input type="text" id="${name}" name="${name}" ${isOptional ? '' : 'required '}${attributes}${describedBy(name, problem)}>
${hint === undefined ? '' : html`<p class="hint">${parts.t(hint)}</p>`}${renderError(parts, name, problem)}</div>`
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
export const renderForm = (step: string, content: Html): Html =>
  html`<form method="post" data-step="${step}"><input type="hidden" name="step" value="${step}">
${content}
</form>`

/** A button that looks like a link, and works without script. */
export const renderSideStep = ({ t }: PageParts, step: string, label: LocalizedText): Html =>
  html`<form method="post" data-step="${step}"><button class="link" name="step" value="${step}">${t(label)}</button></form>`
