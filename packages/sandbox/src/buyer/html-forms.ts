/** What a person sees of a form: the fields it would send, and the buttons that send it. */
export interface HtmlForm {
  readonly attributes: Attributes
  /** In the order of the page, as a browser would send them; of radio buttons the chosen one. */
  readonly fields: readonly FormField[]
  readonly buttons: readonly HtmlButton[]
  /** The choices of each `<select>` and group of radio buttons. */
  readonly choices: Readonly<Record<string, readonly Choice[]>>
}

export interface Choice {
  readonly value: string
  /** What a person reads beside it; empty for radio buttons and check boxes. */
  readonly text: string
}

export interface FormField {
  readonly name: string
  readonly value: string
}

export interface HtmlButton {
  readonly attributes: Attributes
  readonly text: string
}

export type Attributes = Readonly<Record<string, string>>

export interface HtmlElement {
  readonly tag: string
  readonly attributes: Attributes
  /** Where the element's start tag ends. */
  readonly contentAt: number
  readonly isEnd: boolean
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00A0' }

export const decodeEntities = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    return entities[name ?? ''] ?? whole
  })

const tagPattern = /<(\/?)([a-z][a-z0-9-]*)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>`]+))?)*)\s*\/?>/gi
const attributePattern = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>`]+)))?/g

/** The start and end tags of a page in order, without those inside comments, scripts and styles. */
export function readElements(html: string): readonly HtmlElement[] {
  const visible = html.replace(
    /<!--[\s\S]*?-->|(?<=<script\b[^>]*>)[\s\S]*?(?=<\/script>)|(?<=<style\b[^>]*>)[\s\S]*?(?=<\/style>)/gi,
    (hidden) => ' '.repeat(hidden.length),
  )
  return [...visible.matchAll(tagPattern)].map((match) => ({
    tag: (match[2] ?? '').toLowerCase(),
    attributes: readAttributes(match[3] ?? ''),
    contentAt: match.index + match[0].length,
    isEnd: match[1] === '/',
  }))
}

function readAttributes(text: string): Attributes {
  const attributes: Record<string, string> = Object.create(null)
  for (const [, name = '', double, single, bare] of text.matchAll(attributePattern))
    attributes[name.toLowerCase()] ??= decodeEntities(double ?? single ?? bare ?? '')
  return attributes
}

export function readForms(html: string): readonly HtmlForm[] {
  const elements = readElements(html)
  return elements.flatMap((element, index) => {
    if (element.tag !== 'form' || element.isEnd) return []
    const end = elements.findIndex((other, at) => at > index && other.tag === 'form')
    return [readForm(html, element, elements.slice(index + 1, end === -1 ? undefined : end))]
  })
}

interface FormParts {
  readonly fields: FormField[]
  readonly buttons: HtmlButton[]
  readonly choices: Record<string, Choice[]>
}

function readForm(html: string, form: HtmlElement, elements: readonly HtmlElement[]): HtmlForm {
  const parts: FormParts = { fields: [], buttons: [], choices: {} }
  for (const [index, element] of elements.entries()) {
    const { tag, attributes, isEnd } = element
    if (isEnd) continue
    const { name = '', type = '' } = attributes
    if (tag === 'button' || type === 'submit') parts.buttons.push({ attributes, text: textAfter(html, element).trim() })
    else if (tag === 'textarea') parts.fields.push({ name, value: textAfter(html, element) })
    else if (tag === 'select') addSelect(parts, html, name, optionsAfter(elements, index))
    else if (tag === 'input') addInput(parts, element)
  }
  const { fields, buttons, choices } = parts
  return { attributes: form.attributes, fields: fields.filter(({ name }) => name !== ''), buttons, choices }
}

function addSelect(parts: FormParts, html: string, name: string, options: readonly HtmlElement[]): void {
  parts.choices[name] = options.map(({ attributes, ...option }) => ({
    value: attributes.value ?? '',
    text: textAfter(html, option),
  }))
  const chosen = options.find((option) => 'selected' in option.attributes) ?? options[0]
  parts.fields.push({ name, value: chosen?.attributes.value ?? '' })
}

function addInput({ fields, choices }: FormParts, { attributes }: HtmlElement): void {
  const { name = '', type = '', value = '' } = attributes
  if (name === '') return
  if (type !== 'radio' && type !== 'checkbox') {
    fields.push({ name, value })
    return
  }
  const sent = value === '' ? 'on' : value
  choices[name] = [...(choices[name] ?? []), { value: sent, text: '' }]
  if ('checked' in attributes) fields.push({ name, value: sent })
}

function optionsAfter(elements: readonly HtmlElement[], select: number): readonly HtmlElement[] {
  const rest = elements.slice(select + 1)
  const end = rest.findIndex(({ tag }) => tag === 'select')
  return rest.slice(0, end === -1 ? undefined : end).filter(({ tag, isEnd }) => tag === 'option' && !isEnd)
}

const textAfter = (html: string, { contentAt }: Pick<HtmlElement, 'contentAt'>): string =>
  decodeEntities(html.slice(contentAt, html.indexOf('<', contentAt)))
