/** How a buyer leaves the window, and what a form says while it is sent. Part of the window script. */
const page = document.documentElement
const shopOrigin = page.getAttribute('data-shop-origin')
export const isAlone = window.parent === window

export function tellShop(message: object): void {
  if (shopOrigin && !isAlone) window.parent.postMessage(message, shopOrigin)
}

/** Closes the layer; without one, goes back to the page before, or follows the link, or closes the tab. */
export function offerWayOut(button: HTMLElement, tellEnd: (button: HTMLElement) => void): void {
  // A return form leads to the shop by itself.
  button.hidden = isAlone && !!document.querySelector('form[data-return]')
  button.onclick = () => {
    if (shopOrigin && !isAlone) tellEnd(button)
    else if (history.length > 1 && button.getAttribute('data-close') !== 'link') history.back()
    else if (button.getAttribute('href')) return true
    else window.close()
    return false
  }
}

const isKorean = page.lang === 'ko'
const busyText = isKorean ? '확인하고 있어요…' : 'Checking…'
const releases: (() => void)[] = []

/** Says that the request runs, where the buyer looks: on the main button, or above the keypad. */
export function showBusy(form: HTMLFormElement): void {
  const said = form.querySelector('h1') || form.querySelector('.button.block:not([data-stay])')
  const text = said ? said.textContent : ''
  form.className += ' busy'
  if (said) said.textContent = busyText
  releases.push(() => {
    form.className = form.className.replace(' busy', '')
    if (said) said.textContent = text
  })
}

/** Ignores a double click. */
export function submitOnce(form: HTMLFormElement): void {
  let isSent = false
  form.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return
    if (isSent) event.preventDefault()
    else showBusy(form)
    isSent = true
  })
  releases.push(() => {
    isSent = false
  })
}

/** Leaving the payment is asked first: by the button, by Escape, and for a tap beside the layer. */
export function askBeforeAbort(form: HTMLFormElement): void {
  const find = (name: string) => form.querySelector(`[data-${name}]`) as HTMLElement
  const question = find('ask')
  const opener = form.querySelector('button') as HTMLButtonElement
  opener.type = 'button'
  const show = (isShown: boolean): void => {
    question.hidden = !isShown
    if (isShown) find('stay').focus()
    else opener.focus()
  }
  opener.onclick = () => show(true)
  find('stay').onclick = () => show(false)
  document.addEventListener(
    'focus',
    ({ target }) => {
      if (!question.hidden && !question.contains(target as Node)) find('stay').focus()
    },
    true,
  )
  askToLeave = () => show(!!question.hidden)
}

/** On a page without a payment to leave: closes the layer. */
let askToLeave = (): void => {
  const close = document.querySelector<HTMLElement>('[data-close]')
  if (close && !isAlone) close.click()
}

/** For a page from the back/forward cache whose forms may be sent again. */
export function releaseAll(): void {
  for (let index = 0; index < releases.length; index++) (releases[index] as () => void)()
}

/** Escape, and the layer's question after a tap beside it. */
export function listenForLeaving(): void {
  document.addEventListener('keydown', ({ keyCode }) => {
    if (keyCode === 27) askToLeave()
  })
  window.addEventListener('message', ({ origin, source, data }) => {
    if (isAlone || source !== window.parent || origin !== shopOrigin || !data || data.type !== 'sspay:ask') return
    tellShop({ type: 'sspay:asking' })
    askToLeave()
  })
}
