import type { WireText } from '@sspay/protocol'
import { scrub } from '../logging/scrub.ts'
import { findField, type LoggedField, type LoggedTable } from './field-tables.ts'
import type { MaskedFields } from './model.ts'

const mostFields = 60
const longestText = 300

/** A name is kept only when it looks like one: anything else may hold personal data. */
const fieldName = /^[A-Za-z][A-Za-z0-9_.-]{0,39}$/

const namelessField = '(이름을 알 수 없는 항목)'

/** Control characters: log and terminal injection. */
const controls = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

/** Fast path: most texts need no replacement. */
const printableAscii = /^[ -~]*$/

/** Fast path: fewer digits cannot be a card or phone number. */
const hasNumber = /(?:[0-9][^0-9]*){10}/

/** Bounded, without control characters, card numbers and phone numbers. */
export function plainText(text: string, longest = longestText): string {
  const shown = text.length > longest ? `${[...text.slice(0, longest)].join('')}…` : text
  const plain = printableAscii.test(shown) ? shown : shown.replace(controls, '\uFFFD')
  return hasNumber.test(plain) ? scrub(plain, []) : plain
}

/** Fields that are not in the table count as secret. */
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

/** Enough to tell two sealed bodies apart. */
const shownOfSealedBody = 8

function maskText(field: LoggedField | undefined, text: string): string {
  if (text === '') return ''
  if (field?.name === 'sealedBody') return `${plainText(text.slice(0, shownOfSealedBody))}***`
  switch (field?.sensitivity) {
    case 'public':
      return plainText(text)
    case 'personal':
      return `${plainText([...text.slice(0, 2)][0] ?? '')}***`
    default:
      return '***'
  }
}

/** Whether the text differs from the one on the wire. */
export const isMasked = (text: string): boolean => text.includes('***') || text.endsWith('…')
