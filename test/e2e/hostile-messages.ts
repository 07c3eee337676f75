/** Senders: frames and windows beside the payment window. */
export type Speaker = 'shop' | 'foreign' | 'nested' | 'sandboxed' | 'gateway' | 'popup' | 'window'

/** JavaScript expressions, because most of these cannot be written as JSON. */
export interface HostileMessage {
  readonly name: string
  readonly from: Speaker
  /** The shop's page receives the window's messages; the window only the question of the page around it. */
  readonly to: 'shop' | 'window'
  readonly message: string
}

const forged = "{ type: 'sspay:authenticated', Tid: 'FORGED', TrAuthKey: 'FORGED' }"
const abortedTo = (action: string): string =>
  `{ type: 'sspay:aborted', action: ${JSON.stringify(action)}, acceptCharset: 'utf-8', fields: { ResultCode: 'S201' } }`

/** Script of an attack: if it runs, it sets a variable that the test checks. */
const script = 'top.executed = true'
export const scriptActions: readonly string[] = [
  `javascript:${script}`,
  `data:text/html,<script>${script}</script>`,
  '//foreign.example/phish',
]

export const hostileMessages: readonly HostileMessage[] = [
  { name: 'a ticket said by the page itself', from: 'shop', to: 'shop', message: forged },
  { name: 'a ticket from a foreign frame', from: 'foreign', to: 'shop', message: forged },
  { name: 'a ticket from a frame within a foreign frame', from: 'nested', to: 'shop', message: forged },
  { name: 'a ticket from a sandboxed frame of origin "null"', from: 'sandboxed', to: 'shop', message: forged },
  { name: 'a ticket from another frame of the right origin', from: 'gateway', to: 'shop', message: forged },
  { name: 'a ticket from a popup', from: 'popup', to: 'shop', message: forged },
  { name: 'closed from a foreign frame', from: 'foreign', to: 'shop', message: "{ type: 'sspay:closed' }" },
  {
    name: 'closed from another frame of the right origin',
    from: 'gateway',
    to: 'shop',
    message: "{ type: 'sspay:closed' }",
  },
  {
    name: 'aborted to a foreign page',
    from: 'foreign',
    to: 'shop',
    message: abortedTo('https://foreign.example/phish'),
  },
  { name: 'aborted to a script', from: 'foreign', to: 'shop', message: abortedTo(`javascript:${script}`) },
  {
    name: 'aborted to data',
    from: 'gateway',
    to: 'shop',
    message: abortedTo(`data:text/html,<script>${script}</script>`),
  },
  {
    name: 'prototype keys',
    from: 'shop',
    to: 'shop',
    message: `JSON.parse('{"__proto__":{"type":"sspay:closed"},"constructor":{"prototype":{"type":"sspay:closed"}},"type":"sspay:closed"}')`,
  },
  { name: 'eight million characters', from: 'foreign', to: 'shop', message: `{ ...${forged}, more: 'x'.repeat(8e6) }` },
  { name: 'a type that is a list', from: 'gateway', to: 'shop', message: "{ type: ['sspay:closed'] }" },
  {
    name: 'something circular',
    from: 'shop',
    to: 'shop',
    message: `(() => { const a = ${forged}; a.a = a; return a })()`,
  },
  { name: 'the ticket of the payment before, said again', from: 'shop', to: 'shop', message: 'window.heardTicket' },
  { name: 'a ticket said to the window by the shop’s page', from: 'shop', to: 'window', message: forged },
  {
    name: 'aborted said to the window by the shop’s page',
    from: 'shop',
    to: 'window',
    message: abortedTo(`javascript:${script}`),
  },
  {
    name: 'closed said to the window by a foreign frame',
    from: 'foreign',
    to: 'window',
    message: "{ type: 'sspay:closed' }",
  },
  {
    name: 'the question of the layer, from a foreign frame',
    from: 'foreign',
    to: 'window',
    message: "{ type: 'sspay:ask' }",
  },
  {
    name: 'a step said to the window by a foreign frame',
    from: 'foreign',
    to: 'window',
    message: "{ type: 'submit', step: 'abort' }",
  },
  { name: 'eight million characters said to the window', from: 'sandboxed', to: 'window', message: `'x'.repeat(8e6)` },
]

/** Messages of extensions, frameworks and other frames, some with our own names; `n` counts. */
export const noise = `[
  { source: 'react-devtools-content-script', hello: true }, { source: 'react-devtools-bridge', payload: { event: 'ping' } },
  { target: 'metamask-inpage', data: { name: 'metamask-provider', data: { id: n } } }, { type: 'webpackOk', data: { type: 'errors' } },
  'webpackHotUpdate' + n, 'setImmediate$0.' + n + '$1', '[iFrameSizer]frame:' + n + ':0:init', JSON.stringify({ event: 'infoDelivery', id: n }),
  { id: n, jsonrpc: '2.0', method: 'eth_accounts' }, { type: '@devtools-page', payload: { n } }, { isTrusted: true }, null, n, '', true, [n],
  new Date(n), new ArrayBuffer(8), new Map([[n, n]]), new Error('n' + n), { type: null }, { type: n }, { type: { toString: n } },
  'sspay:authenticated', ['sspay:closed'], { type: 'sspay:' }, { type: 'sspay:unknown', n }, { TYPE: 'sspay:closed' },
  { type: 'sspay:ready' }, { type: 'sspay:closed' }, ${forged}, ${abortedTo(`javascript:${script}`)}
]`
