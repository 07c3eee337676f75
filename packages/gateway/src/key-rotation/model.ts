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

/** Every column of ciphertexts. A test compares the list with the schema: a new column that ends in `_encrypted` belongs here. */
export const encryptedTables: readonly EncryptedTable[] = [
  {
    table: 'merchants',
    primaryKey: { merchant_id: 'text' },
    encrypted: {
      merchant_key_encrypted: { contextOf: bound('merchant-key', 'merchant_id') },
      cancel_password_encrypted: { contextOf: bound('merchant-cancel', 'merchant_id') },
    },
  },
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
      expiry_encrypted: { contextOf: bound('card-expiry', 'member_id', 'card_id') },
      name_encrypted: { contextOf: bound('card-name', 'member_id', 'card_id') },
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
  {
    table: 'payments',
    primaryKey: { transaction_id: 'text' },
    encrypted: {
      request_encrypted: { contextOf: bound('request', 'transaction_id') },
      answer_encrypted: { contextOf: bound('answer', 'transaction_id') },
    },
  },
  {
    table: 'cancellations',
    primaryKey: { transaction_id: 'text', cancel_sequence: 'integer' },
    encrypted: { answer_encrypted: { contextOf: bound('cancel-answer', 'transaction_id', 'cancel_sequence') } },
  },
  {
    table: 'notifications',
    primaryKey: { transaction_id: 'text', sequence: 'integer' },
    encrypted: { body_encrypted: { contextOf: bound('notification', 'transaction_id', 'sequence') } },
  },
  {
    table: 'notification_targets',
    primaryKey: { merchant_id: 'text' },
    encrypted: { webhook_keys_encrypted: { contextOf: bound('webhook-keys', 'merchant_id') } },
  },
  {
    table: 'window_sessions',
    primaryKey: { session_hash: 'text' },
    encrypted: { facts_encrypted: { contextOf: bound('window', 'session_hash') } },
  },
  {
    table: 'keypads',
    primaryKey: { keypad_id: 'text' },
    beside: ['session_hash'],
    encrypted: { layout_encrypted: { contextOf: bound('keypad', 'session_hash', 'keypad_id') } },
  },
  {
    table: 'root_keys',
    primaryKey: { key_id: 'text' },
    encrypted: { former_encrypted: { contextOf: bound('root-key', 'key_id') } },
  },
]

/** Hashes and fingerprints that a rotation keeps, with the reason. */
export const keptColumns: Readonly<Record<string, string>> = {
  'members.password_hash': 'the password is not stored; checked with the former pepper, and rehashed then',
  'spent_deletions.body_fingerprint': 'the request is not stored; looked up under the former key',
  'window_sessions.session_hash': 'of a random token that lives for 40 minutes; looked up under the former key',
  'keypads.session_hash': 'the same',
  'passkey_challenges.session_hash': 'the same',
  'payments.ticket_hash': 'a digest of a random ticket, without a key',
  'payments.event_hash': 'a chain of digests, without a key',
}
