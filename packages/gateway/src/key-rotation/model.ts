import type { Columns, Row, SqlValue } from '../storage/storage.ts'

/** A column of ciphertexts, and the context that they are bound to. */
export interface EncryptedColumn {
  contextOf(row: Row): string
  /** The column with the fingerprint of the plaintext. */
  readonly fingerprint?: {
    readonly column: string
    /** The value and the context of the fingerprint; undefined where the column is null. */
    partsOf(row: Row, plaintext: string): { readonly value: string; readonly context: string } | undefined
  }
}

export interface EncryptedTable {
  readonly table: string
  readonly primaryKey: Columns
  /** Other columns that contexts refer to. */
  readonly beside?: readonly string[]
  readonly encrypted: Readonly<Record<string, EncryptedColumn>>
}

export const formerKeyContext = (keyId: string): string => `root-key:${keyId}`

const text = (value: SqlValue | undefined): string => String(value ?? '')

const bound =
  (name: string, ...columns: readonly string[]) =>
  (row: Row): string =>
    [name, ...columns.map((column) => text(row[column]))].join(':')

/** Columns of ciphertexts, each with the name of its context, to which the values of `columns` are appended. */
const columnsBoundTo = (
  columns: readonly string[],
  names: Readonly<Record<string, string>>,
): Readonly<Record<string, EncryptedColumn>> =>
  Object.fromEntries(Object.entries(names).map(([column, name]) => [column, { contextOf: bound(name, ...columns) }]))

/** A table whose contexts consist of its primary key. */
const keyedTable = (table: string, primaryKey: Columns, names: Readonly<Record<string, string>>): EncryptedTable => ({
  table,
  primaryKey,
  encrypted: columnsBoundTo(Object.keys(primaryKey), names),
})

/** Every column of ciphertexts. A test compares the list with the `_encrypted` columns of the schema. */
export const encryptedTables: readonly EncryptedTable[] = [
  keyedTable(
    'merchants',
    { merchant_id: 'text' },
    {
      merchant_key_encrypted: 'merchant-key',
      cancel_password_encrypted: 'merchant-cancel',
      former_keys_encrypted: 'merchant-former-keys',
    },
  ),
  {
    table: 'members',
    primaryKey: { member_id: 'text' },
    beside: ['easy_pay_merchant_id'],
    encrypted: {
      identity_encrypted: {
        contextOf: bound('member-identity', 'member_id'),
        fingerprint: {
          column: 'ci_fingerprint',
          partsOf: (row, identity) => {
            const ci: unknown = JSON.parse(identity)?.ci
            return typeof ci === 'string'
              ? { value: ci, context: bound('member-ci', 'easy_pay_merchant_id')(row) }
              : undefined
          },
        },
      },
    },
  },
  {
    table: 'cards',
    primaryKey: { card_id: 'text' },
    beside: ['member_id'],
    encrypted: {
      number_encrypted: {
        contextOf: bound('card-number', 'member_id', 'card_id'),
        fingerprint: {
          column: 'number_fingerprint',
          partsOf: (row, cardNumber) => ({ value: cardNumber, context: bound('card', 'member_id')(row) }),
        },
      },
      ...columnsBoundTo(['member_id', 'card_id'], { expiry_encrypted: 'card-expiry', name_encrypted: 'card-name' }),
    },
  },
  {
    table: 'passkeys',
    primaryKey: { passkey_id: 'text' },
    beside: ['member_id', 'relying_party'],
    encrypted: {
      credential_encrypted: {
        contextOf: bound('passkey', 'member_id', 'passkey_id'),
        fingerprint: {
          column: 'credential_fingerprint',
          partsOf: (row, credential) => ({
            value: text(JSON.parse(credential).credentialId),
            context: bound('passkey', 'relying_party')(row),
          }),
        },
      },
    },
  },
  keyedTable('bill_keys', { bill_key_id: 'text' }, { key_encrypted: 'bill-key' }),
  keyedTable('payments', { transaction_id: 'text' }, { request_encrypted: 'request', answer_encrypted: 'answer' }),
  keyedTable(
    'cancellations',
    { transaction_id: 'text', cancel_sequence: 'integer' },
    { answer_encrypted: 'cancel-answer' },
  ),
  keyedTable(
    'notifications',
    { transaction_id: 'text', sequence: 'integer' },
    { body_encrypted: 'notification', shop_answer_encrypted: 'shop-answer' },
  ),
  keyedTable('notification_targets', { merchant_id: 'text' }, { webhook_keys_encrypted: 'webhook-keys' }),
  keyedTable('window_sessions', { session_hash: 'text' }, { facts_encrypted: 'window' }),
  {
    table: 'keypads',
    primaryKey: { keypad_id: 'text' },
    beside: ['session_hash'],
    encrypted: columnsBoundTo(['session_hash', 'keypad_id'], { layout_encrypted: 'keypad' }),
  },
  keyedTable('root_keys', { key_id: 'text' }, { former_encrypted: 'root-key' }),
]

/** Hashes and fingerprints that a rotation keeps, with the reason. */
export const keptColumns: Readonly<Record<string, string>> = {
  'members.password_hash': 'the password is not stored; checked with the former pepper, and rehashed then',
  'spent_deletions.body_fingerprint': 'the request is not stored; looked up under the former key',
  'window_sessions.session_hash': 'of a random token that lives for 40 minutes; looked up under the former key',
  'keypads.session_hash': 'the same',
  'passkey_challenges.session_hash': 'the same',
  'bill_keys.key_hash': 'a digest of a random key, without a key',
  'payments.ticket_hash': 'a digest of a random ticket, without a key',
  'payments.event_hash': 'a chain of digests, without a key',
}
