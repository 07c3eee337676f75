import { styleText } from 'node:util'
import { type RecordedCall, warningText } from '@sspay/gateway/tools'
import type { LocalizedText } from '@sspay/protocol'
import { koreanTime } from '@sspay/protocol/internal'
import { columns, displayWidth, padTo } from '../command-line/columns.ts'

/** A call as JSON. */
export type WrittenCall = Omit<RecordedCall, 'startedAt'> & { readonly startedAt: string }

type Translate = (text: LocalizedText) => string

const colours = { ok: 'green', rejected: 'yellow', failed: 'red' } as const

const orderWidth = 32

/**
 * One line per call: Korean time, `→` in or `←` out, kind, merchant, order, code, duration, `!` if `show` explains an
 * error, and the id.
 */
export function writeCallLine(call: WrittenCall, isColoured: boolean): string {
  const { id, startedAt, direction, kind, detail, merchantId = '-', result, code, status, durationMs } = call
  const order = call.orderId ?? call.transactionId ?? '-'
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    isColoured ? styleText(style, text, { validateStream: false }) : text
  return [
    paint('dim', `${koreanTime(new Date(startedAt)).slice(11)}.${startedAt.slice(20, 23)}`),
    direction === 'in' ? '→' : '←',
    (detail === undefined ? kind : `${kind} ${detail}`).padEnd(20),
    merchantId.padEnd(10),
    padTo(cut(order, orderWidth), orderWidth),
    paint(colours[result], (code ?? String(status ?? result)).padEnd(8)),
    `${durationMs} ms`.padStart(8),
    isMarked(call) ? paint('red', '!') : ' ',
    paint('dim', `#${id}`),
  ]
    .join('  ')
    .trimEnd()
}

const cut = (text: string, width: number): string =>
  displayWidth(text) <= width ? text : `${text.slice(0, width - 1)}…`

const isMarked = ({ explanation, problems, warnings }: WrittenCall): boolean =>
  explanation !== undefined || problems.length > 0 || warnings.length > 0

/** A call in full. */
export function writeCall(call: WrittenCall & { readonly curl?: string }, t: Translate, isColoured: boolean): string {
  const { method, origin = '', address, reason, request, encrypted, answer, problems, explanation, curl } = call
  const joined = explanation?.joined
  const again = curl?.replaceAll('\n', '\n  ')
  const found = [
    ...(reason === undefined ? [] : [t(reason)]),
    ...(explanation === undefined ? [] : [t(explanation.words)]),
    ...problems.map(t),
    ...call.warnings.map((warning) => t(warningText[warning])),
  ]
  return [
    `${writeCallLine(call, isColoured)}\n  ${method} ${address.startsWith('/') ? origin : ''}${address}\n`,
    ...(found.length === 0 ? [] : [found.map((sentence) => `  ✗ ${sentence}\n`).join('')]),
    ...(joined === undefined ? [] : [`  ${t({ ko: '이어 붙일 글', en: 'signed text' })}  ${joined}\n`]),
    ...writeFields(t({ ko: '요청', en: 'request' }), request),
    ...writeFields(t({ ko: '복호화한 내용', en: 'decrypted' }), encrypted ?? {}),
    ...writeFields(t({ ko: '응답', en: 'response' }), answer),
    ...(again === undefined ? [] : [`${t({ ko: '다시 보내기', en: 'send again' })}\n  ${again}\n`]),
  ].join('\n')
}

function writeFields(title: string, fields: Readonly<Record<string, string>>): readonly string[] {
  const rows = Object.entries(fields)
  return rows.length === 0 ? [] : [`${title}\n${columns(rows)}`]
}
