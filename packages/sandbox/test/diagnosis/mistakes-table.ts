import { markdownTable } from '../../../protocol/src/document-table.ts'
import { encryptionRows } from '../../src/diagnosis/explain-sealed-body.ts'
import { signatureRows } from '../../src/diagnosis/explain-signature.ts'

/** Every mistake that an explanation can name, as a table of the guide. */
export function mistakesTable(language: 'ko' | 'en'): string {
  const rows = [...signatureRows, ...encryptionRows].map(
    ([id, ko, en]) => `${id}\n${(language === 'ko' ? ko : en).replace('{}', '…')}`,
  )
  const has = (list: typeof signatureRows, id: string, text: string): string =>
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
      return [`\`${id}\``, text, has(signatureRows, id, text), has(encryptionRows, id, text)]
    }),
  )
}
