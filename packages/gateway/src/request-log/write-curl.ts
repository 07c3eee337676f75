import { isMasked } from './mask-fields.ts'
import type { CallKind, MaskedFields, RecordedCall } from './model.ts'

const asForm: readonly CallKind[] = ['window']
const asJson: readonly CallKind[] = ['approval', 'inquiry', 'cancellation', 'member-deletion']

/** Where the host of the call is not one that the operator has named: nothing is sent anywhere until somebody writes it. */
const unknownOrigin = 'https://<host>'

/**
 * A command for a POSIX shell that makes the same call again; undefined for a call that nobody makes by hand. What is masked is a
 * placeholder to fill in: `<TrAuthKey>`.
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

/** Only what looks like a name is sent again, and a key that should never have been sent is not. */
const withPlaceholders = (fields: MaskedFields): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => /^[A-Za-z][\w.-]*$/.test(name) && name.toLowerCase() !== 'merchantkey')
      .map(([name, text]) => [name, isMasked(text) ? `<${name}>` : text]),
  )

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
