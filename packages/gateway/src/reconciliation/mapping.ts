import { type FileMapping, readFileMapping } from './mapping-file.ts'
import type { EntryKind } from './model.ts'

/** What a row of an acquirer's file may be. */
export type FileKind = Exclude<EntryKind, 'indeterminate'>

/**
 * How an acquirer's file is read. Without a kind a negative amount is a refund, every other one an approval; without a
 * time days are not compared. Rows of the kind `ignored` are left out, such as those with sums.
 */
export type Mapping = FileMapping<
  'transactionId' | 'amount' | 'kind' | 'time',
  'transactionId' | 'amount',
  FileKind | 'ignored'
>

/** The files of `sspay-gateway report` and `sspay cards ledger`. */
export const usualMapping: Mapping = {
  delimiter: ',',
  columns: { transactionId: '거래번호', amount: '금액', kind: '구분', time: '시각' },
  kinds: { approval: ['승인'], refund: ['취소'], reversal: ['망취소'], ignored: ['미확정'] },
}

/** @throws with the wrong entry and the rule for it */
export const readMapping = (json: unknown): Mapping => readFileMapping(json, usualMapping, ['transactionId', 'amount'])
