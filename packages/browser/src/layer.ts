/** The layer over the shop's page. Part of the drop-in script: use nothing that Internet Explorer 11 lacks. */
interface Layer {
  frame: HTMLIFrameElement
  /** The window is there. */
  reveal: () => void
  /** Says that no window opens at this address. A page of a revealed window may only be unheard: it is not covered. */
  offer: (address: string, payInPlace: () => void) => void
  /** The window asks by itself. */
  stopAsking: () => void
  close: () => void
}

const askTimeoutMs = 500

const buttonCss = 'padding:14px 18px;border:0;border-radius:10px;font:15px sans-serif;'
const primaryCss = 'background:#191f28;color:#fff'
const closeCss = 'position:absolute;top:12px;right:12px;background:#fff;color:#191f28'
const fillCss = 'position:absolute;top:0;right:0;bottom:0;left:0;'
const boxCss = `${fillCss}margin:auto;width:460px;max-width:100%;height:780px;max-height:100%;border:0;border-radius:16px;background:#fff`

function t(korean: string, english: string): string {
  return /^en/i.test(document.documentElement.lang) ? english : korean
}

function createButton(text: string, css: string, onClick: () => void): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = text
  button.style.cssText = buttonCss + css
  button.onclick = onClick
  return button
}

const createChoice = (text: string, onClick: () => void, css: string): HTMLButtonElement =>
  createButton(text, `display:block;width:240px;margin:16px auto 0;${css}`, onClick)

/** Turns where the browser can animate and the buyer does not mind; needs no style sheet, which the page may forbid. */
function createSpinner(): HTMLElement {
  const spinner = document.createElement('div')
  spinner.style.cssText =
    'width:32px;height:32px;margin:16px auto;border:3px solid #fff;border-top-color:#191f28;border-radius:50%'
  if (spinner.animate && !matchMedia('(prefers-reduced-motion:reduce)').matches)
    spinner.animate([{ transform: 'none' }, { transform: 'rotate(360deg)' }], { duration: 900, iterations: 99 })
  return spinner
}

function createFrame(origin: string, name: string): HTMLIFrameElement {
  const frame = document.createElement('iframe')
  frame.name = 'smartropayWindow'
  frame.title = name
  frame.allow = `publickey-credentials-get ${origin}; publickey-credentials-create ${origin}`
  frame.style.cssText = boxCss
  return frame
}

type Cover = (text?: string, first?: HTMLElement, second?: HTMLElement) => void

/** A note over the frame: a text with what may be done, or nothing. */
function createCover(layer: HTMLElement): Cover {
  const note = document.createElement('div')
  note.setAttribute('role', 'alert')
  note.style.cssText = `${boxCss};padding:250px 24px 0;box-sizing:border-box;text-align:center;font:16px sans-serif;color:#191f28`
  layer.appendChild(note)
  return (text, first, second) => {
    note.textContent = text || ''
    note.style.display = text ? '' : 'none'
    if (first) note.appendChild(first).focus()
    if (second) note.appendChild(second)
  }
}

export function openLayer(origin: string, leave: () => void): Layer {
  const page = document.documentElement
  const { overflow } = page.style
  const name = t('결제창', 'Payment')
  const focused = document.activeElement as HTMLElement | null
  const layer = document.createElement('div')
  const frame = layer.appendChild(createFrame(origin, name))
  const cover = createCover(layer)
  let askTimer = 0
  const closeButton = createButton(t('닫기', 'Close'), closeCss, leave)

  layer.setAttribute('role', 'dialog')
  layer.setAttribute('aria-modal', 'true')
  layer.setAttribute('aria-label', name)
  layer.style.cssText = `${fillCss}position:fixed;z-index:2147483647;background:#191f28;background:rgba(25,31,40,.6)`
  layer.onclick = ({ target }) => {
    if (target === layer) ask()
  }

  function keepFocus({ target }: Event): void {
    if (!layer.contains(target as Node)) frame.focus()
  }
  function onKey({ keyCode }: KeyboardEvent): void {
    if (keyCode === 27) ask()
  }
  let restore = (): void => cover(t('결제창을 여는 중이에요', 'Opening the payment'), createSpinner())
  function reveal(): void {
    restore = cover
    closeButton.style.display = 'none'
    cover()
  }
  function offer(address: string, payInPlace: () => void): void {
    closeButton.style.display = ''
    if (restore !== cover)
      cover(
        t('결제창이 열리지 않아요. 결제된 금액은 없어요. ', 'No payment window opens. Nothing was charged. ') + address,
        createChoice(t('새 화면에서 결제하기', 'Pay on a new screen'), payInPlace, primaryCss),
      )
  }
  const stopAsking = (): void => clearTimeout(askTimer)
  /** The window asks, and may abort the payment. The layer asks where no window answers. */
  function ask(): void {
    frame.contentWindow?.postMessage({ type: 'sspay:ask' }, origin)
    stopAsking()
    askTimer = setTimeout(() => {
      cover(
        t('결제를 그만할까요?', 'Stop paying?'),
        createChoice(t('계속 결제하기', 'Keep paying'), () => restore(), primaryCss),
        createChoice(t('그만하기', 'Stop'), leave, ''),
      )
    }, askTimeoutMs)
  }
  function close(): void {
    stopAsking()
    document.removeEventListener('focus', keepFocus, true)
    document.removeEventListener('keydown', onKey)
    document.body.removeChild(layer)
    page.style.overflow = overflow
    if (focused?.focus) focused.focus()
  }

  layer.appendChild(closeButton)
  document.body.appendChild(layer)
  page.style.overflow = 'hidden'
  frame.focus()
  document.addEventListener('focus', keepFocus, true)
  document.addEventListener('keydown', onKey)
  restore()
  return { frame, reveal, offer, stopAsking, close }
}
