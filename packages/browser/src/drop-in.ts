import { openLayer } from './layer.ts'

/**
 * SmartroPAY-1.0.min.js of the guide: `smartropay.init({ mode, actionUri })`, `smartropay.payment({ FormId, Callback
 * })`. Compiled to ES5: use nothing that Internet Explorer 11 lacks. The wire names are the guide's.
 */
interface InitOptions {
  mode?: string
  actionUri?: string
}

type Callback = (result: { Tid: string; TrAuthKey: string; ResultCode: string; ResultMsg: string }) => void

interface PaymentOptions {
  FormId: string
  Callback?: Callback
  /** Not in the guide: the layer was closed without a result. */
  Closed?: () => void
}

interface WindowMessage {
  type?: string
  Tid?: string
  TrAuthKey?: string
  ResultCode?: string
  ResultMsg?: string
  action?: string
  acceptCharset?: string
  fields?: Record<string, string>
}

;(() => {
  const origin = ownOrigin()
  let actionUri = ''
  let isOpen = false
  /** Without a `sspay:ready` by then, the window may never load. */
  const readyTimeoutMs = 8000
  /** A window says `sspay:ready` before its page has loaded, so without it the page is none of ours. */
  const loadedTimeoutMs = 1500

  function ownOrigin(): string {
    const scripts = document.getElementsByTagName('script')
    // Internet Explorer has no currentScript; a running script tag is the last one.
    const own = (document.currentScript || scripts[scripts.length - 1]) as HTMLScriptElement | undefined
    const parts = /^https?:\/\/[^/?#]+/.exec(own?.src || '')
    return parts ? parts[0] : ''
  }

  /** By the host name on the guide's hosts; on others by the rule of the loader's `detectDevice`. */
  function isMobile(): boolean {
    const guideHost = /\/\/t?(m?)pay\.smartropay\.co\.kr$/.exec(origin)
    if (guideHost) return !!guideHost[1]
    const { userAgent, maxTouchPoints } = navigator
    return (
      /Mobi|Android|iP(hone|ad|od)|KAKAOTALK|NAVER\(|FBA[NV]|Instagram|\bLine\/|SamsungBrowser/i.test(userAgent) ||
      (/Macintosh/.test(userAgent) && maxTouchPoints > 1)
    )
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

  /** A field named "submit" would shadow the form's method. */
  function send(form: HTMLFormElement): void {
    HTMLFormElement.prototype.submit.call(form)
    document.body.removeChild(form)
  }

  /** Copies the fields that the shop's form would send, repeated names included. The form itself stays unchanged. */
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

  /** The page's Content-Security-Policy blocked the frame: nothing was sent, and it will never load. */
  function forbidsFrame({ disposition, effectiveDirective, blockedURI }: SecurityPolicyViolationEvent): boolean {
    return disposition !== 'report' && effectiveDirective === 'frame-src' && blockedURI.indexOf(origin) === 0
  }

  /** Opens the window in a layer and gets the result as a message. Navigates the page when the layer is blocked. */
  function payInLayer(source: HTMLFormElement, charset: string, callback: Callback, closed?: () => void): void {
    const layer = openLayer(origin, leave)
    const { frame } = layer
    let isReady = false
    let readyTimer = setTimeout(offerNewScreen, readyTimeoutMs)
    isOpen = true

    function offerNewScreen(): void {
      layer.offer(origin + actionUri, continueInPlace)
    }
    function finish(): void {
      isOpen = false
      clearTimeout(readyTimer)
      window.removeEventListener('message', receive)
      document.removeEventListener('securitypolicyviolation', onPolicyViolation)
      layer.close()
    }
    function leave(): void {
      finish()
      if (closed) closed()
    }
    function continueInPlace(): void {
      finish()
      payInPlace(source, charset)
    }
    function onPolicyViolation(event: SecurityPolicyViolationEvent): void {
      if (forbidsFrame(event)) continueInPlace()
    }
    function showReady(): void {
      isReady = true
      clearTimeout(readyTimer)
      layer.reveal()
    }
    /** Each page of the window says that it is ready; one that does not is an error page, of the browser or a proxy. */
    function onLoad(): void {
      // Before the window: the empty page.
      if (frame.contentDocument) return
      if (!isReady) {
        clearTimeout(readyTimer)
        readyTimer = setTimeout(offerNewScreen, loadedTimeoutMs)
      }
      isReady = false
    }
    function receive(event: MessageEvent): void {
      if (event.origin !== origin || event.source !== frame.contentWindow) return
      const message = (event.data || {}) as WindowMessage
      if (message.type === 'sspay:ready') showReady()
      if (message.type === 'sspay:asking') layer.stopAsking()
      if (message.type === 'sspay:closed') leave()
      if (message.type === 'sspay:aborted') {
        leave()
        sendToStopUrl(message)
      }
      if (message.type === 'sspay:authenticated') {
        finish()
        const { Tid, TrAuthKey, ResultCode, ResultMsg } = message
        callback({
          Tid: `${Tid}`,
          TrAuthKey: `${TrAuthKey}`,
          ResultCode: `${ResultCode}`,
          ResultMsg: `${ResultMsg}`,
        })
      }
    }

    frame.onload = onLoad
    window.addEventListener('message', receive)
    document.addEventListener('securitypolicyviolation', onPolicyViolation)
    const form = hiddenForm(origin + actionUri, frame.name, charset)
    copyFields(source, form)
    addField(form, 'SspReturn', 'message')
    send(form)
  }

  /** Navigates the page to the window; the result is posted to the shop. Ignores further clicks meanwhile. */
  function payInPlace(source: HTMLFormElement, charset: string): void {
    isOpen = true
    const timer = setTimeout(allowNext, 3000)
    window.addEventListener('pageshow', onPageShow)

    function allowNext(): void {
      isOpen = false
      clearTimeout(timer)
      window.removeEventListener('pageshow', onPageShow)
    }
    /** Back from the window: a page from the back/forward cache continues as it was left. */
    function onPageShow({ persisted }: PageTransitionEvent): void {
      if (persisted) allowNext()
    }
    const form = hiddenForm(origin + actionUri, '_top', charset)
    copyFields(source, form)
    send(form)
  }

  function sendToStopUrl({ action, acceptCharset, fields }: WindowMessage): void {
    if (!action || !fields || !/^https?:\/\//i.test(action)) return
    const form = hiddenForm(action, '_top', acceptCharset || 'utf-8')
    // Own keys only: old libraries extend Object.prototype.
    Object.keys(fields).forEach((name) => {
      addField(form, name, `${fields[name]}`)
    })
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
    if (options.Callback && !isMobile()) payInLayer(source, charset, options.Callback, options.Closed)
    else payInPlace(source, charset)
  }

  ;(window as unknown as { smartropay: object }).smartropay = { init, payment }
})()
