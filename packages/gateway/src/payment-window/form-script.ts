/**
 * Progressive enhancement of the fields that a buyer types into; every page works without it. Runs before
 * `window-script.ts`, so that a form with a wrong field is stopped before it counts as sent. ES5 and no newer browser
 * feature.
 */
;(() => {
  type Sized = (digits: string) => readonly number[]

  const attributeOf = (element: Element, name: string): string => element.getAttribute(name) || ''

  function each<Found extends Element>(selector: string, use: (found: Found) => void): void {
    const found = document.querySelectorAll<Found>(selector)
    for (let index = 0; index < found.length; index++) use(found[index] as Found)
  }

  const digitsOf = (text: string): string => text.replace(/[^0-9]/g, '')

  /** Lengths of the groups by `data-group`; digits beyond them stay in the last group. */
  const sizes: Record<string, Sized> = {
    card: (digits) => (/^3[47]/.test(digits) ? [4, 6] : [4, 4, 4, 4]),
    date: (digits) => (digits.length > 6 ? [4, 2] : [2, 2]),
    phone: (digits) => (digits.length > 10 || /^010/.test(digits) ? [3, 4] : [3, 3]),
    month: () => [2],
  }
  const separators: Record<string, string> = { card: ' ', date: ' ', phone: '-', month: '/' }

  function grouped(digits: string, kind: string): string {
    const groups: string[] = []
    let from = 0
    ;(sizes[kind] as Sized)(digits).forEach((size) => {
      if (from < digits.length) groups.push(digits.substr(from, size))
      from += size
    })
    if (from < digits.length) groups.push(digits.substr(from))
    return groups.join(separators[kind])
  }

  /** Groups the digits; the caret stays behind the digit that it was behind. */
  function regroup(input: HTMLInputElement, kind: string, grew: boolean): void {
    const before = input.value
    // A number with its country code.
    if (/^[+(]/.test(before)) return
    const caret = input.selectionStart || 0
    let digits = digitsOf(before)
    let left = digitsOf(before.slice(0, caret)).length
    const isAtEnd = caret === before.length
    if (kind === 'month' && /^[2-9]$/.test(digits)) digits = `0${digits}`
    let text = grouped(digits, kind)
    if (kind === 'month' && grew && digits.length === 2) text += '/'
    if (text === before) return
    input.value = text
    let at = 0
    for (; left > 0 && at < text.length; at++) if (digitsOf(text.charAt(at))) left--
    if (isAtEnd) at = text.length
    // Elsewhere Safari would move the focus.
    if (document.activeElement === input) input.setSelectionRange(at, at)
  }

  function passesLuhn(digits: string): boolean {
    let sum = 0
    for (let index = 0; index < digits.length; index++) {
      const value = Number(digits.charAt(digits.length - 1 - index)) * (1 + (index % 2))
      sum += value > 9 ? value - 9 : value
    }
    return sum % 10 === 0
  }

  const isTicked = (radio: HTMLInputElement): boolean => !!document.querySelector(`[name=${radio.name}]:checked`)

  function isRight(input: HTMLInputElement): boolean {
    if (input.type === 'radio') return isTicked(input)
    const text = input.value.replace(/[\s()./-]/g, '')
    if (!text) return !input.required
    const isCard = input.hasAttribute('data-issuers')
    return new RegExp(`^(?:${attributeOf(input, 'data-right')})$`).test(text) && (!isCard || passesLuhn(text))
  }

  function fieldOf(input: HTMLElement): HTMLElement {
    let part = input
    while (!/(^| )field( |$)/.test(part.className) && part.parentNode) part = part.parentNode as HTMLElement
    return part
  }

  /** Without a text the field is right. */
  function showError(input: HTMLInputElement, text?: string): void {
    const id = `${input.name}-error`
    let shown = document.getElementById(id)
    const others = attributeOf(input, 'aria-describedby').replace(id, '').trim()
    if (!text && !shown) return
    if (!shown) {
      shown = document.createElement('p')
      shown.id = id
      shown.className = 'error'
      shown.setAttribute('role', 'alert')
      fieldOf(input).appendChild(shown)
    }
    shown.textContent = text || ''
    if (!text && shown.parentNode) shown.parentNode.removeChild(shown)
    input.setAttribute('aria-invalid', text ? 'true' : 'false')
    input.setAttribute('aria-describedby', text ? `${others} ${id}`.trim() : others)
  }

  const check = (input: HTMLInputElement): void =>
    showError(input, isRight(input) ? '' : attributeOf(input, 'data-wrong'))

  function checkForm(form: HTMLFormElement): void {
    form.addEventListener('submit', (event) => {
      const wrong: HTMLInputElement[] = []
      each<HTMLInputElement>('[data-wrong]', (input) => {
        if (input.form !== form) return
        check(input)
        if (!isRight(input)) wrong.push(input)
      })
      const [first] = wrong
      if (!first) return
      event.preventDefault()
      event.stopImmediatePropagation()
      first.focus()
    })
  }

  const isInvalid = (input: Element): boolean => attributeOf(input, 'aria-invalid') === 'true'

  function goOn(input: HTMLInputElement): void {
    const next = document.getElementById(attributeOf(input, 'data-next')) as HTMLInputElement | null
    if (next && (next.type === 'radio' ? !isTicked(next) : !next.value)) next.focus()
  }

  function watch(input: HTMLInputElement): void {
    const kind = attributeOf(input, 'data-group')
    const most = Number(attributeOf(input, 'data-most'))
    const full = new RegExp(`^(?:${attributeOf(input, 'data-full') || '(?!)'})$`)
    let known = digitsOf(input.value)

    function typed(): void {
      const grew = digitsOf(input.value).length > known.length
      const isAtEnd = input.selectionStart === input.value.length
      if (kind) regroup(input, kind, grew)
      known = digitsOf(input.value)
      if (most && known.length > most) showError(input, attributeOf(input, 'data-wrong'))
      else if (isInvalid(input) && isRight(input)) showError(input)
      if (!grew || !isAtEnd || !full.test(known) || !isRight(input)) return
      if (input.hasAttribute('data-send') && input.form) (input.form.querySelector('button') as HTMLElement).click()
      else goOn(input)
    }
    if (kind) regroup(input, kind, false)
    input.addEventListener('input', typed)
    input.addEventListener('change', () => {
      if (input.value && attributeOf(input, 'data-wrong')) check(input)
    })
  }

  /** A pointer's click has a count of clicks; choosing by the arrow keys has none and keeps the focus. */
  function watchRadio(input: HTMLInputElement): void {
    input.onclick = (event) => {
      showError(document.querySelector(`[name=${input.name}]`) as HTMLInputElement)
      if (event.detail) goOn(input)
    }
  }

  /** Picture and name of the issuer, by the first digits: `data-issuers` lists `[from, to, code, name]`. */
  function showIssuer(input: HTMLInputElement): void {
    const issuers: string[][] = JSON.parse(attributeOf(input, 'data-issuers'))
    const mark = document.querySelector('[data-card-mark]') as HTMLElement
    const name = document.querySelector('[data-issuer-name]') as HTMLElement
    function show(): void {
      const digits = digitsOf(input.value)
      let found: string[] = []
      issuers.forEach((issuer) => {
        const [from, to] = issuer as [string, string]
        const first = digits.slice(0, from.length)
        if (first.length === from.length && first >= from && first <= to) found = issuer
      })
      const [, , code, text = ''] = found
      if (code) mark.setAttribute('data-issuer', code)
      else mark.removeAttribute('data-issuer')
      if (name.textContent !== text) name.textContent = text
    }
    mark.hidden = false
    input.addEventListener('input', show)
    show()
  }

  /** Off until another code may be sent. */
  function waitToResend(button: HTMLButtonElement): void {
    const text = `${button.textContent}`
    const endsAt = Date.now() + Number(attributeOf(button, 'data-wait'))
    function tick(): void {
      const seconds = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000))
      button.disabled = seconds > 0
      button.textContent = seconds ? `${text} (0:${`0${seconds}`.slice(-2)})` : text
      if (seconds) setTimeout(tick, 500)
    }
    tick()
  }

  each<HTMLFormElement>('form[novalidate]', checkForm)
  each<HTMLInputElement>('[data-group], [data-wrong]:not([type=radio]), [data-full]', watch)
  each<HTMLInputElement>('[data-radio] input', watchRadio)
  each<HTMLInputElement>('[data-issuers]', showIssuer)
  each<HTMLButtonElement>('[data-wait]', waitToResend)
  each<HTMLElement>('[data-focus]', (field) => field.focus())
  // The answer to a form becomes a page that a reload asks for again, instead of sending the form again.
  if (
    history.replaceState &&
    document.querySelector('form[novalidate]') &&
    !document.querySelector('input[name=pageSecret]')
  )
    history.replaceState(null, '', location.href)
})()
