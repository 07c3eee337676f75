import { type HtmlElement, readPage } from '../html-page.ts'

/** A form as a person sees it: the fields that it sends, and the buttons that send it. */
export interface HtmlForm {
  readonly attributes: HtmlElement['attributes']
  /** In document order, as a browser sends them; of a group of radio buttons only the chosen one. */
  readonly fields: readonly FormField[]
  readonly buttons: readonly { readonly attributes: HtmlElement['attributes']; readonly text: string }[]
  readonly text: string
  /** By name: the options of each `<select>`, group of radio buttons and check box. */
  readonly choices: Readonly<Record<string, readonly Choice[] | undefined>>
}

export interface Choice {
  readonly value: string
  /** The label of an option, or the label around a radio button or check box; empty without one. */
  readonly text: string
}

export interface FormField {
  readonly name: string
  readonly value: string
}

export const readForms = (html: string): readonly HtmlForm[] =>
  readPage(html)
    .inside.filter(({ tag }) => tag === 'form')
    .map(readForm)

/** The form of the page's own step sends its name in a field, a way aside by its button. */
export const findStepForm = (forms: readonly HtmlForm[]): HtmlForm | undefined =>
  forms.find(({ attributes, fields }) =>
    fields.some(({ name, value }) => name === 'step' && value === attributes['data-step']),
  )

function readForm({ attributes, inside, texts }: HtmlElement): HtmlForm {
  return {
    attributes,
    text: texts.join(' '),
    fields: inside.flatMap(readFields),
    buttons: inside.filter(isButton).map((button) => ({ attributes: button.attributes, text: textOf(button).trim() })),
    choices: Object.groupBy(
      inside.flatMap((element) => readChoices(element, inside)),
      ({ name }) => name,
    ),
  }
}

const isButton = ({ tag, attributes }: HtmlElement): boolean => tag === 'button' || attributes.type === 'submit'
const textOf = ({ texts }: HtmlElement): string => texts.join('')
const optionsOf = ({ inside }: HtmlElement): readonly HtmlElement[] => inside.filter(({ tag }) => tag === 'option')
const isTicked = ({ attributes }: HtmlElement): boolean => attributes.type === 'radio' || attributes.type === 'checkbox'

function readFields(element: HtmlElement): readonly FormField[] {
  const { name, value = '' } = element.attributes
  if (!name || isButton(element)) return []
  switch (element.tag) {
    case 'textarea':
      return [{ name, value: textOf(element) }]
    case 'select': {
      const options = optionsOf(element)
      const selected = options.find(({ attributes }) => 'selected' in attributes) ?? options[0]
      return [{ name, value: selected?.attributes.value ?? '' }]
    }
    case 'input':
      if (!isTicked(element)) return [{ name, value }]
      return 'checked' in element.attributes ? [{ name, value: value || 'on' }] : []
    default:
      return []
  }
}

function readChoices(
  element: HtmlElement,
  form: readonly HtmlElement[],
): readonly (Choice & { readonly name: string })[] {
  const { name = '', value } = element.attributes
  if (element.tag === 'input' && isTicked(element)) {
    const label = form.find(({ tag, inside }) => tag === 'label' && inside.includes(element))
    return [{ name, value: value || 'on', text: label === undefined ? '' : textOf(label).trim() }]
  }
  if (element.tag !== 'select') return []
  return optionsOf(element).map((option) => ({ name, value: option.attributes.value ?? '', text: textOf(option) }))
}
