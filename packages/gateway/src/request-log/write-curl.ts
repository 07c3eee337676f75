import { serverCalls } from '../http/route-name.ts'
import { isMasked } from './mask-fields.ts'
import type { CallKind, MaskedFields, RecordedCall } from './model.ts'

const asForm: readonly CallKind[] = ['window', 'bill-key-window']
const asJson: readonly CallKind[] = serverCalls

/** When the host is not one that the operator has configured. */
const unknownOrigin = 'https://<host>'

/**
 * A command for a POSIX shell that sends the call again; undefined for kinds that are not sent by hand. Masked values
 * become placeholders: `<TrAuthKey>`.
 */
export function writeCurl({ kind, origin, address, request }: RecordedCall): string | undefined {
  const url = quote(`${origin ?? unknownOrigin}${address}`)
  const fields = Object.entries(withPlaceholders(request))
  if (asForm.includes(kind))
    return [`curl -i ${url}`, ...fields.map(([name, text]) => `--data-urlencode ${quote(`${name}=${text}`)}`)].join(
      lineEnd,
    )
  if (!asJson.includes(kind)) return undefined
  const body = quote(JSON.stringify(Object.fromEntries(fields)))
  return [`curl -i ${url}`, `-H 'content-type: application/json'`, `--data-raw ${body}`].join(lineEnd)
}

const lineEnd = ' \\\n  '

/** Without names that do not look like one, and without a leaked key. */
const withPlaceholders = (fields: MaskedFields): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => /^[A-Za-z][\w.-]*$/.test(name) && name.toLowerCase() !== 'merchantkey')
      .map(([name, text]) => [name, isMasked(text) ? `<${name}>` : text]),
  )

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
