/**
 * SmartroPAY-1.0.min.js of the guide: `smartropay.init({ mode, actionUri })`, `smartropay.payment({ FormId, Callback })`.
 * Compiled to ES5, so it uses nothing newer than Internet Explorer 11 has. The wire names are the guide's own.
 */
interface InitOptions {
  mode?: string
  actionUri?: string
}

interface PaymentOptions {
  FormId: string
  Callback?: (result: { Tid: string; TrAuthKey: string }) => void
  /** Not in the guide: the layer is gone without a result. */
  Closed?: () => void
}

interface WindowMessage {
  type?: string
  Tid?: string
  TrAuthKey?: string
  action?: string
  acceptCharset?: string
  fields?: Record<string, string>
}

interface Layer {
  frame: HTMLIFrameElement
  closeButton: HTMLButtonElement
  close: () => void
}

;(() => {
  const origin = ownOrigin()
  let actionUri = ''
  let isOpen = false

  function ownOrigin(): string {
    const scripts = document.getElementsByTagName('script')
    // Internet Explorer has no currentScript: while a script tag runs it is the last one.
    const own = (document.currentScript || scripts[scripts.length - 1]) as HTMLScriptElement | undefined
    const parts = /^https?:\/\/[^/?#]+/.exec(own?.src || '')
    return parts ? parts[0] : ''
  }

  function isMobile(): boolean {
    if (/\/\/t?mpay\./.test(origin)) return true
    if (/\/\/t?pay\./.test(origin)) return false
    return /Android|iPhone|iPad|iPod|Mobi/i.test(navigator.userAgent)
  }

  function fail(korean: string, english: string): never {
    throw new Error(`[smartropay] ${korean} / ${english}`)
  }

  function addField(form: HTMLFormElement, name: string, value: string): void {
    const input = document.createElement('input')
    input.type = 'hidden'
    input.name = name
    input.value = value
    form.appendChild(input)
  }

  function hiddenForm(action: string, target: string, charset: string): HTMLFormElement {
    const form = document.createElement('form')
    form.method = 'post'
    form.action = action
    form.target = target
    form.acceptCharset = charset
    form.style.display = 'none'
    document.body.appendChild(form)
    return form
  }

  /** A field may be called "submit", so the form's own property cannot be trusted. */
  function send(form: HTMLFormElement): void {
    HTMLFormElement.prototype.submit.call(form)
    document.body.removeChild(form)
  }

  /** What the shop's form would send, name by name, the same name twice as well; the form itself stays as it is. */
  function copyFields(source: HTMLFormElement, target: HTMLFormElement): void {
    const controls = source.querySelectorAll('input, select, textarea')
    for (let index = 0; index < controls.length; index++) {
      const control = controls[index] as HTMLInputElement & HTMLSelectElement
      const type: string = control.type
      const isChosen = (type !== 'checkbox' && type !== 'radio') || control.checked
      if (!control.name || control.disabled || !isChosen || /^(submit|button|image|reset|file)$/.test(type)) continue
      if (type !== 'select-multiple') addField(target, control.name, control.value)
      else
        for (let option = 0; option < control.options.length; option++) {
          const { selected, value } = control.options[option] as HTMLOptionElement
          if (selected) addField(target, control.name, value)
        }
    }
  }

  function openLayer(): Layer {
    const page = document.documentElement
    const overflow = page.style.overflow
    const focused = document.activeElement as HTMLElement | null
    const layer = document.createElement('div')
    const frame = document.createElement('iframe')
    const button = document.createElement('button')

    layer.setAttribute('role', 'dialog')
    layer.setAttribute('aria-modal', 'true')
    layer.setAttribute('aria-label', '결제창')
    layer.style.cssText =
      'position:fixed;top:0;right:0;bottom:0;left:0;z-index:2147483647;background:#191f28;background:rgba(25,31,40,.6)'
    frame.name = 'smartropayWindow'
    frame.title = '스마트로페이 결제창'
    frame.style.cssText =
      'position:absolute;top:0;right:0;bottom:0;left:0;margin:auto;width:460px;max-width:100%;height:780px;max-height:100%;border:0;border-radius:16px;background:#fff'
    button.type = 'button'
    button.appendChild(document.createTextNode('닫기'))
    button.style.cssText =
      'position:absolute;top:12px;right:12px;padding:12px 18px;border:0;border-radius:10px;background:#fff;color:#191f28;font-size:15px'

    function keepFocus(event: Event): void {
      if (!layer.contains(event.target as Node)) frame.focus()
    }
    function close(): void {
      document.removeEventListener('focus', keepFocus, true)
      document.body.removeChild(layer)
      page.style.overflow = overflow
      if (focused?.focus) focused.focus()
    }

    layer.appendChild(frame)
    layer.appendChild(button)
    document.body.appendChild(layer)
    page.style.overflow = 'hidden'
    frame.focus()
    document.addEventListener('focus', keepFocus, true)
    return { frame, closeButton: button, close }
  }

  /** The window in a layer over the shop's page; its answer comes as a message. */
  function payInLayer(
    source: HTMLFormElement,
    charset: string,
    callback: NonNullable<PaymentOptions['Callback']>,
    closed: PaymentOptions['Closed'],
  ): void {
    const layer = openLayer()
    isOpen = true

    function finish(): void {
      isOpen = false
      window.removeEventListener('message', receive)
      layer.close()
    }
    function leave(): void {
      finish()
      if (closed) closed()
    }
    function receive(event: MessageEvent): void {
      if (event.origin !== origin || event.source !== layer.frame.contentWindow) return
      const message = (event.data || {}) as WindowMessage
      if (message.type === 'sspay:ready') layer.closeButton.style.display = 'none'
      if (message.type === 'sspay:closed') leave()
      if (message.type === 'sspay:aborted') {
        leave()
        sendToStopUrl(message)
      }
      if (message.type === 'sspay:authenticated') {
        finish()
        callback({ Tid: `${message.Tid}`, TrAuthKey: `${message.TrAuthKey}` })
      }
    }

    layer.closeButton.onclick = leave
    window.addEventListener('message', receive)
    const form = hiddenForm(origin + actionUri, layer.frame.name, charset)
    copyFields(source, form)
    addField(form, 'SspReturn', 'message')
    send(form)
  }

  function sendToStopUrl({ action, acceptCharset, fields }: WindowMessage): void {
    if (!action || !fields || !/^https?:\/\//i.test(action)) return
    const form = hiddenForm(action, '_top', acceptCharset || 'utf-8')
    for (const name in fields) addField(form, name, `${fields[name]}`)
    send(form)
  }

  function init(options: InitOptions): void {
    actionUri = options?.actionUri || '/ssp/reqPay.do'
  }

  function payment(options: PaymentOptions): void {
    if (!origin)
      fail('스크립트는 결제 서버 주소의 src로 불러와야 합니다.', 'Load this script by a src on the payment host.')
    if (!actionUri) fail('smartropay.init을 먼저 호출하세요.', 'Call smartropay.init first.')
    const id = options?.FormId
    const source = document.getElementById(id) as HTMLFormElement | null
    if (source?.nodeName !== 'FORM') fail(`FormId "${id}" 폼이 없습니다.`, `There is no form with id "${id}".`)
    if (isOpen) return

    const charset = source.acceptCharset || document.characterSet || 'utf-8'
    if (options.Callback && !isMobile()) {
      payInLayer(source, charset, options.Callback, options.Closed)
      return
    }
    const form = hiddenForm(origin + actionUri, '_top', charset)
    copyFields(source, form)
    send(form)
  }

  ;(window as unknown as { smartropay: object }).smartropay = { init, payment }
})()
