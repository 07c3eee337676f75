import { authenticationResult, readMessage, type WireText, writeMessage } from '@sspay/protocol'
import { createHiddenForm } from './hidden-form.ts'
import { detectDevice, type LoadOptions, loadSmartroPay } from './load-script.ts'

/** A form of the page, or the `fields` that the shop's server made with `createPaymentForm`. */
export type WindowForm = HTMLFormElement | { readonly fields: Readonly<Record<string, string>> }

/** How the payment window ended. Nothing has been charged in either case. */
export type WindowOutcome =
  | {
      readonly outcome: 'authenticated'
      /** 거래번호. */
      readonly transactionId: string
      /** What the shop's server needs to approve; nothing has been charged yet. */
      readonly approvalTicket: string
      /** Both by their wire names, ready to be posted to the shop's server for `readAuthentication`. */
      readonly fields: Readonly<Record<string, string>>
    }
  /** The buyer closed the window (중단). After a stop inside the window the page goes on to the shop's abort address by itself. */
  | { readonly outcome: 'aborted' }

let isOpen = false

/**
 * Opens the payment window (guide, STEP 2).
 *
 * On `pc` a layer over the page: the promise resolves when the buyer has authenticated or walked away. On `mobile`, and where the layer is
 * blocked, the page itself goes to the window and the result arrives at the shop's return address: the promise never settles.
 * Rejects when the script cannot be loaded and while another window is open.
 */
export async function openPaymentWindow(form: WindowForm, options: LoadOptions): Promise<WindowOutcome> {
  if (isOpen) throw new Error('a payment window is open already')
  isOpen = true
  window.addEventListener('pageshow', allowNextOnReturn)
  try {
    return await open(form, options)
  } finally {
    isOpen = false
    window.removeEventListener('pageshow', allowNextOnReturn)
  }
}

/** The page went to the window, and the buyer has come back to it as it was. */
function allowNextOnReturn({ persisted }: PageTransitionEvent): void {
  if (persisted) isOpen = false
}

async function open(form: WindowForm, options: LoadOptions): Promise<WindowOutcome> {
  const device = options.device ?? detectDevice()
  const dropIn = await loadSmartroPay({ ...options, device })
  const { formId, remove } = placeForm(form)

  if (device === 'mobile') {
    dropIn.payment({ FormId: formId })
    remove()
    return new Promise(() => {})
  }
  return new Promise<WindowOutcome>((resolve, reject) => {
    dropIn.payment({
      FormId: formId,
      Callback(fields) {
        remove()
        const outcome = readCallback(fields)
        if (outcome === undefined) reject(new Error('the payment window gave no readable result'))
        else resolve(outcome)
      },
      Closed() {
        remove()
        resolve({ outcome: 'aborted' })
      },
    })
  })
}

function readCallback(fields: WireText): WindowOutcome | undefined {
  const read = readMessage(authenticationResult, fields)
  if (!read.ok) return undefined
  const { transactionId, approvalTicket } = read.value
  return {
    outcome: 'authenticated',
    transactionId,
    approvalTicket,
    fields: writeMessage(authenticationResult, read.value),
  }
}

let placedForms = 0

/** The drop-in script finds a form by its id. */
function placeForm(form: WindowForm): { readonly formId: string; readonly remove: () => void } {
  const isOfPage = form instanceof HTMLFormElement
  const element = isOfPage ? form : createHiddenForm(form.fields)
  if (element.id === '') element.id = `sspay-form-${++placedForms}`
  return { formId: element.id, remove: () => (isOfPage ? undefined : element.remove()) }
}
