import { markdownTable } from '../../../protocol/src/document-table.ts'
import {
  charsetRow,
  contentRows,
  derivationRow,
  formRows,
  modeRows,
  paddingRow,
  wholeRows,
} from '../../src/diagnosis/encryption-mistakes.ts'
import { cutRow } from '../../src/diagnosis/explain-signature.ts'
import { signatureMistakes } from '../../src/diagnosis/signature-mistakes.ts'
import { encodingMistakes, keyMistakes } from '../../src/diagnosis/value-mistakes.ts'

type Row = readonly [id: string, ko: string, en: string, ...rest: readonly unknown[]]

const ofSignatures: readonly Row[] = [...encodingMistakes, cutRow, ...signatureMistakes]
const ofEncData: readonly Row[] = [
  ...encodingMistakes,
  ...keyMistakes,
  ...[derivationRow, ...modeRows, paddingRow, charsetRow, ...formRows, ...wholeRows, ...contentRows],
]

/** Every mistake that an explanation can name, as a table of the guide. */
export function mistakesTable(language: 'ko' | 'en'): string {
  const rows = [...ofSignatures, ...ofEncData].map(
    ([id, ko, en]) => `${id}\n${(language === 'ko' ? ko : en).replace('{}', '…')}`,
  )
  const has = (list: readonly Row[], id: string, text: string): string =>
    list.some(([one, ko, en]) => one === id && [ko, en].some((given) => given.replace('{}', '…') === text)) ? '●' : ''
  return markdownTable(
    [
      '`mistakes`',
      language === 'ko' ? '한 일' : 'what was done',
      language === 'ko' ? '서명' : 'signatures',
      '`EncData`',
    ],
    [...new Set(rows)].map((row) => {
      const [id = '', text = ''] = row.split('\n')
      return [`\`${id}\``, text, has(ofSignatures, id, text), has(ofEncData, id, text)]
    }),
  )
}
