import type { WireText } from '@sspay/protocol'
import { scrub } from '../logging/scrub.ts'
import { findField, type LoggedField, type LoggedTable } from './field-tables.ts'
import type { MaskedFields } from './model.ts'

const mostFields = 60
const longestText = 300

/** Whatever somebody sends as a name may hold what must not be kept, so only what looks like a name is one. */
const fieldName = /^[A-Za-z][A-Za-z0-9_.-]{0,39}$/

/** The name under which fields without a decent one are counted. */
const namelessField = '(이름을 알 수 없는 항목)'

/** Characters that would move a terminal or a line. */
const controls = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Most texts, found sooner than what is wrong with the others. */
const printableAscii = /^[ -~]*$/

/** As many digits as the shortest of the numbers that are looked for; most texts have fewer, and looking costs time. */
const hasNumber = /(?:[0-9][^0-9]*){10}/

/** Text that anybody may see, of a bounded length: without control characters and without what looks like a card or a phone number. */
export function plainText(text: string, longest = longestText): string {
  const shown = text.length > longest ? `${[...text.slice(0, longest)].join('')}…` : text
  const plain = printableAscii.test(shown) ? shown : shown.replace(controls, '\uFFFD')
  return hasNumber.test(plain) ? scrub(plain, []) : plain
}

/** A message as it is kept. What no table names counts as secret. */
export function maskFields(table: LoggedTable, fields: WireText): MaskedFields {
  const shown = Object.entries(fields).slice(0, mostFields)
  return Object.fromEntries(
    shown.map(([name, text = '']) => {
      const field = findField(table, name)
      return [field === undefined ? nameOf(name) : name, maskText(field, text)]
    }),
  )
}

const nameOf = (name: string): string => (fieldName.test(name) ? plainText(name) : namelessField)

/** Of the sealed body so much is left that two can be told apart. */
const shownOfOrderSignature = 8

function maskText(field: LoggedField | undefined, text: string): string {
  if (text === '') return ''
  if (field?.name === 'sealedBody') return `${plainText(text.slice(0, shownOfOrderSignature))}***`
  switch (field?.sensitivity) {
    case 'public':
      return plainText(text)
    case 'personal':
      return `${plainText([...text.slice(0, 2)][0] ?? '')}***`
    default:
      return '***'
  }
}

/** Whether a person sees another text than the one that travelled. */
export const isMasked = (text: string): boolean => text.includes('***') || text.endsWith('…')
