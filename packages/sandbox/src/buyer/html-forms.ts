import { type HtmlElement, readPage } from '../html-page.ts'

/** A form as a person sees it: the fields that it sends, and the buttons that send it. */
export interface HtmlForm {
  readonly attributes: HtmlElement['attributes']
  /** In document order, as a browser sends them; of a group of radio buttons only the chosen one. */
  readonly fields: readonly FormField[]
  readonly buttons: readonly HtmlButton[]
  /** By name: the options of each `<select>`, group of radio buttons and check box. */
  readonly choices: Readonly<Record<string, readonly Choice[]>>
}

export interface Choice {
  readonly value: string
  /** The label of an option; empty for radio buttons and check boxes. */
  readonly text: string
}

export interface FormField {
  readonly name: string
  readonly value: string
}

export interface HtmlButton {
  readonly attributes: HtmlElement['attributes']
  readonly text: string
}

export const readForms = (html: string): readonly HtmlForm[] =>
  readPage(html)
    .inside.filter(({ tag }) => tag === 'form')
    .map(readForm)

function readForm({ attributes, inside }: HtmlElement): HtmlForm {
  const fields: FormField[] = []
  const buttons: HtmlButton[] = []
  const choices: Record<string, Choice[]> = {}
  for (const element of inside) {
    const { name = '', type = '', value = '' } = element.attributes
    if (element.tag === 'button' || type === 'submit') {
      buttons.push({ attributes: element.attributes, text: element.texts.join('').trim() })
    } else if (name === '') {
      // A browser sends no field without a name.
    } else if (element.tag === 'textarea') {
      fields.push({ name, value: element.texts.join('') })
    } else if (element.tag === 'select') {
      const options = element.inside.filter(({ tag }) => tag === 'option')
      choices[name] = options.map((option) => ({ value: valueOf(option), text: option.texts.join('') }))
      fields.push({ name, value: valueOf(options.find(isSelected) ?? options[0]) })
    } else if (type === 'radio' || type === 'checkbox') {
      choices[name] = [...(choices[name] ?? []), { value: value || 'on', text: '' }]
      if ('checked' in element.attributes) fields.push({ name, value: value || 'on' })
    } else if (element.tag === 'input') {
      fields.push({ name, value })
    }
  }
  return { attributes, fields, buttons, choices }
}

const isSelected = ({ attributes }: HtmlElement): boolean => 'selected' in attributes
const valueOf = (option: HtmlElement | undefined): string => option?.attributes.value ?? ''
