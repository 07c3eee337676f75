import './form-script.ts'
import {
  askBeforeAbort,
  isAlone,
  listenForLeaving,
  offerWayOut,
  releaseAll,
  showBusy,
  submitOnce,
  tellShop,
} from './window-leaving.ts'

/** Progressive enhancement: every page works without it. ES5 and no newer browser feature. */
;(() => {
  function each<Found extends Element>(selector: string, use: (found: Found) => void): void {
    const found = document.querySelectorAll<Found>(selector)
    for (let index = 0; index < found.length; index++) use(found[index] as Found)
  }

  const textIn = (element: Element, name: string): string => `${element.getAttribute(name)}`

  const setHidden = (selector: string, isHidden: boolean): void =>
    each<HTMLElement>(selector, (part) => {
      part.hidden = isHidden
    })

  const showReturnForm = (isShown: boolean): void =>
    each<HTMLFormElement>('form[data-return=severed]', (form) => {
      form.style.display = isShown ? '' : 'none'
    })

  /** The page around the frame removes the window on this message; otherwise the window shows a form. */
  function tellEnd(element: HTMLElement): void {
    tellShop(JSON.parse(textIn(element, 'data-message')))
    setTimeout(() => showReturnForm(true), 3000)
  }

  const submit = (form: HTMLFormElement): void => HTMLFormElement.prototype.submit.call(form)

  /** Posts six taps at once, instead of a page per tap. */
  function collectTaps(form: HTMLFormElement): void {
    const dots = form.querySelectorAll('[data-dot]')
    const said = form.querySelector('[data-entered]')
    const collected = form.querySelector<HTMLInputElement>('input[name=taps]')
    const taps: string[] = []

    function show(): void {
      for (let index = 0; index < dots.length; index++)
        (dots[index] as Element).className = index < taps.length ? 'dot filled' : 'dot'
      if (said) said.textContent = textIn(said, 'data-entered').replace('#', `${taps.length}`)
    }
    function tap(value: string): void {
      if (taps.length === dots.length) return
      if (value === 'erase') taps.pop()
      else if (value === 'clear') taps.length = 0
      else taps.push(value)
      show()
      if (taps.length < dots.length || !collected) return
      collected.value = taps.join(',')
      showBusy(form)
      submit(form)
    }

    each<HTMLButtonElement>('button[name=tap]', (button) => {
      button.type = 'button'
      button.onclick = () => tap(button.value)
    })
    setHidden('[data-typing]', false)
    document.addEventListener('keydown', pressKey)
    show()
  }

  /** By the name of the arrow key, which is `ArrowLeft`, or `Left` in Internet Explorer and old Edge. */
  const steps: Record<string, number> = { Left: -1, Right: 1, Up: -3, Down: 3 }

  /** Arrows move the focus. A typed digit presses the key labelled with it; picture keys have no label. */
  function pressKey(event: KeyboardEvent): void {
    const from = event.target as Element
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || /^(INPUT|SELECT)$/.test(from.tagName)) return
    const cell = from.getAttribute('data-cell')
    const step = steps[`${event.key}`.replace('Arrow', '')]
    const next = cell && step ? document.querySelector<HTMLElement>(`[data-cell="${Number(cell) + step}"]`) : undefined
    if (next) {
      event.preventDefault()
      next.focus()
    }
    const shown = event.key === 'Backspace' ? 'erase' : event.key
    each<HTMLButtonElement>('button[name=tap]', (button) => {
      if (button.value !== shown && button.textContent !== shown) return
      event.preventDefault()
      button.click()
    })
  }

  /** From the time left, since the clock of the buyer's device may be wrong. */
  function countDown(shown: HTMLElement): void {
    const endsAt = Date.now() + Number(textIn(shown, 'data-countdown'))
    const said = document.querySelector('[data-countdown-said]') as Element

    function tick(): void {
      const seconds = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000))
      const time = `${Math.floor(seconds / 60)}:${`0${seconds % 60}`.slice(-2)}`
      shown.textContent = seconds ? textIn(shown, 'data-left').replace('#', time) : textIn(shown, 'data-over')
      if (seconds === 0) said.textContent = shown.textContent
      else if (seconds <= 60 && !said.textContent) said.textContent = textIn(said, 'data-countdown-said')
      if (seconds) setTimeout(tick, 500)
    }
    tick()
  }

  function agreeToAll(all: HTMLInputElement): void {
    all.onchange = () =>
      each<HTMLInputElement>('input[name=agree]', (one) => {
        one.checked = all.checked
      })
    each<HTMLInputElement>('input[name=agree]', (one) => {
      one.onchange = () => {
        all.checked = document.querySelectorAll('input[name=agree]:not(:checked)').length === 0
      }
    })
  }

  /** Feature detection: passkey buttons are hidden until the browser supports them. */
  function showPasskeys(): void {
    const { featurePolicy } = document as { featurePolicy?: { allowsFeature(name: string): boolean } }
    if (!('PublicKeyCredential' in window) || !navigator.credentials) return
    if (featurePolicy && !featurePolicy.allowsFeature('publickey-credentials-get')) return
    setHidden('[data-passkey]', false)
    setHidden('[data-no-passkey]', true)
    each<HTMLButtonElement>('[data-passkey-step]', usePasskey)
  }

  type WithId = { id: BufferSource }
  type Asked = PublicKeyCredentialCreationOptions & PublicKeyCredentialRequestOptions

  const bytesOf = (text: unknown): Uint8Array<ArrayBuffer> => {
    const binary = atob(`${text}`.replace(/-/g, '+').replace(/_/g, '/'))
    const bytes = new Uint8Array(binary.length)
    for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
    return bytes
  }

  const textOf = (buffer: ArrayBuffer): string => {
    const bytes = new Uint8Array(buffer)
    let binary = ''
    for (let index = 0; index < bytes.length; index++) binary += String.fromCharCode(bytes[index] as number)
    return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
  }

  function readPasskeyOptions(button: HTMLButtonElement): Asked {
    const asked = JSON.parse(textIn(button, 'data-options'))
    const named: WithId[] = (asked.allowCredentials || []).concat(asked.excludeCredentials || [], asked.user || [])
    named.forEach((one) => {
      one.id = bytesOf(one.id)
    })
    asked.challenge = bytesOf(asked.challenge)
    return asked
  }

  function usePasskey(button: HTMLButtonElement): void {
    const form = button.form as HTMLFormElement
    const fill = (name: string, value: string): void => {
      ;(form.querySelector(`[name=${name}]`) as HTMLInputElement).value = value
    }
    const failed = form.querySelector('[data-passkey-failed]') as HTMLElement

    function send(credential: Credential | null): void {
      const { id, response } = credential as PublicKeyCredential
      const answer: Record<string, unknown> = {}
      const given = response as AuthenticatorResponse & Record<string, ArrayBuffer>
      ;['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature'].forEach((part) => {
        if (given[part]) answer[part] = textOf(given[part])
      })
      const { getTransports } = response as AuthenticatorAttestationResponse
      if (getTransports) answer.transports = getTransports.call(response)
      fill('credential', JSON.stringify({ id, rawId: id, type: 'public-key', response: answer }))
      fill('step', textIn(button, 'data-passkey-step'))
      submit(form)
    }
    button.onclick = () => {
      const asked = readPasskeyOptions(button)
      button.disabled = true
      failed.hidden = true
      const answered = asked.user
        ? navigator.credentials.create({ publicKey: asked })
        : navigator.credentials.get({ publicKey: asked })
      answered.then(send).then(undefined, () => {
        button.disabled = false
        failed.hidden = false
      })
    }
  }

  showPasskeys()
  each<HTMLFormElement>('form[data-step]', submitOnce)
  each<HTMLFormElement>('form[data-step=abort]', askBeforeAbort)
  each<HTMLElement>('[data-countdown]', countDown)
  each<HTMLFormElement>('form[data-keypad-form]', collectTaps)
  each<HTMLInputElement>('input[name=agreeAll]', agreeToAll)
  showReturnForm(isAlone)
  each<HTMLElement>('[data-return=message]', tellEnd)
  each<HTMLElement>('[data-close]', (button) => offerWayOut(button, tellEnd))
  each<HTMLFormElement>('form[data-return=post]', submit)
  tellShop({ type: 'sspay:ready' })
  listenForLeaving()
  // A page from the back-forward cache shows an old state.
  window.addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    // Bound by page, a reload would show nothing; there the next form brings the current page.
    if (!document.querySelector('input[name=pageSecret]')) location.reload()
    else releaseAll()
  })
})()
