import { html } from 'hono/html'
import type { Html } from './frame.ts'
import type { WindowFacts } from './model.ts'

interface TextInput {
  readonly name: string
  readonly label: string
  readonly attributes?: Html | string
  readonly hint?: string
  readonly problems: WindowFacts['problems']
}

/** Ties input, hint and error together for those who cannot see them side by side. */
export const describedBy = (name: string, problem: string | undefined): Html =>
  problem === undefined ? html`` : html` aria-invalid="true" aria-describedby="${name}-error"`

export const renderError = (name: string, problem: string | undefined): Html =>
  problem === undefined ? html`` : html`<p class="error" id="${name}-error" role="alert">${problem}</p>`

export function renderInput({ name, label, attributes = '', hint, problems }: TextInput): Html {
  const problem = problems?.[name]
  return html`<div class="field"><label for="${name}">${label}</label>
<input type="text" id="${name}" name="${name}" required ${attributes}${describedBy(name, problem)}>
${hint === undefined ? '' : html`<p class="hint">${hint}</p>`}${renderError(name, problem)}</div>`
}

interface Select {
  readonly name: string
  readonly label: string
  readonly options: readonly { readonly value: string; readonly text: string }[]
  readonly chosen?: string | undefined
  readonly placeholder?: string
  readonly attributes?: Html | string
}

export const renderSelect = ({ name, label, options, chosen, placeholder, attributes = '' }: Select): Html =>
  html`<div class="field"><label for="${name}">${label}</label>
<select id="${name}" name="${name}" ${attributes}>${placeholder === undefined ? '' : html`<option value="">${placeholder}</option>`}${options.map(
    ({ value, text }) => html`<option value="${value}"${value === chosen ? html` selected` : ''}>${text}</option>`,
  )}</select></div>`

export const numeric = (maxLength: number): Html =>
  html`inputmode="numeric" maxlength="${maxLength}" autocomplete="off"`

/** A form of one page: posts to the page's own address, with the step it belongs to. */
export const renderForm = (step: string, content: Html): Html =>
  html`<form method="post" data-step="${step}"><input type="hidden" name="step" value="${step}">
${content}
</form>`

/** A way to another step that looks like a link and works without script. */
export const renderSideStep = (step: string, text: string): Html =>
  html`<form method="post" data-step="${step}"><button class="link" name="step" value="${step}">${text}</button></form>`
