import { type DefaultTreeAdapterTypes, parse } from 'parse5'

export interface HtmlElement {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  /** All descendants, in document order. */
  readonly inside: readonly HtmlElement[]
  /** The text nodes inside, without those of nested scripts and styles. */
  readonly texts: readonly string[]
}

/** Parses a page as a browser does; `runsScripts: false` also reads what is inside `<noscript>`. */
export const readPage = (html: string, { runsScripts = false } = {}): HtmlElement =>
  readElement(parse(html, { scriptingEnabled: runsScripts }))

function readElement(node: DefaultTreeAdapterTypes.ParentNode): HtmlElement {
  const inside: HtmlElement[] = []
  const texts: string[] = []
  for (const child of node.childNodes) {
    if (child.nodeName === '#text') texts.push((child as DefaultTreeAdapterTypes.TextNode).value)
    if (!('tagName' in child)) continue
    const element = readElement(child)
    inside.push(element, ...element.inside)
    if (element.tag !== 'script' && element.tag !== 'style') texts.push(...element.texts)
  }
  const attributes = 'attrs' in node ? node.attrs.map(({ name, value }) => [name, value]) : []
  return { tag: node.nodeName, attributes: Object.fromEntries(attributes), inside, texts }
}
