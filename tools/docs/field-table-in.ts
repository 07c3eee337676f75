import { markdownTable } from '../../packages/protocol/src/document-table.ts'
import type { Field, FieldTable, LocalizedText, Sensitivity } from '../../packages/protocol/src/field-table.ts'
import type { Language } from './language.ts'

const head: Readonly<Record<Language, readonly string[]>> = {
  ko: ['파라미터', '항목명', 'sspay', '길이', '필수', '민감도', '형식', '예'],
  en: ['Field', 'Korean name', 'sspay', 'Length', 'Required', 'Sensitivity', 'Format', 'Example'],
}

const sensitivityText: Readonly<Record<Sensitivity, LocalizedText>> = {
  public: { ko: '', en: '' },
  personal: { ko: '개인정보', en: 'personal' },
  secret: { ko: '비밀', en: 'secret' },
}

const requiredText: LocalizedText = { ko: '필수', en: 'yes' }
const optionalText: LocalizedText = { ko: '선택', en: 'no' }

/** The guide's parameter table for readers of one language. */
export const fieldTableIn = (language: Language, table: FieldTable): string =>
  markdownTable(
    head[language],
    Object.entries(table).map(([wireName, field]) => rowOf(language, wireName, field)),
  )

function rowOf(language: Language, wireName: string, field: Field<string, unknown, boolean>): readonly string[] {
  const { name, format, required, label, sensitivity } = field
  const { maxLength, toleratedLength = maxLength, hint, examples } = format
  const tolerated: LocalizedText = { ko: `${toleratedLength}까지 읽음`, en: `${toleratedLength} read` }
  const length = toleratedLength > maxLength ? `${maxLength} (${tolerated[language]})` : String(maxLength)
  return [
    `\`${wireName}\``,
    label,
    `\`${name}\``,
    length,
    (required ? requiredText : optionalText)[language],
    sensitivityText[sensitivity][language],
    hint[language],
    `\`${format.write(examples[0])}\``,
  ]
}
