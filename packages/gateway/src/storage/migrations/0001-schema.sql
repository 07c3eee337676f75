-- Portable DDL: text, and bigint for won and for milliseconds since 1970. Columns that end in _encrypted, _hash or _fingerprint hold no plaintext.
-- "by key" becomes `without rowid` on SQLite: the rows lie in the order of the primary key and need no second index.

create table merchants (
  merchant_id text primary key not null,
  easy_pay_merchant_id text not null,
  name text not null,
  merchant_key_encrypted text not null,
  cancel_password_encrypted text not null,
  identity_match text not null,
  minimum_amount bigint not null,
  request_max_age_ms bigint not null,
  request_max_ahead_ms bigint not null,
  accepts_legacy_signature bigint not null,
  repeated_approval text not null,
  repeated_cancellation text not null,
  repeated_deletion text not null,
  abort_code text not null,
  acquirer_merchant_number text not null,
  -- Separated by spaces.
  allowed_origins text not null default '',
  -- JSON: the merchant's rules for interest-free instalments.
  interest_free text not null default '[]',
  identity_verification text not null default 'required',
  shows_cards_before_password integer not null default 0,
  takes_general_payments integer not null default 0,
  -- Null: as long as the gateway waits.
  card_network_timeout_ms bigint,
  -- JSON: the keys that the merchant key replaces, and until when each is accepted.
  former_keys_encrypted text,
  takes_payments integer not null default 1,
  -- JSON: the policy of bill keys; null without a contract for them.
  bill_keys text
);

-- A member is a person (ci_fingerprint), bound to a customer by their first approved payment. Until then customer_id holds a
-- placeholder that names the payment: the unique key then allows one bound member per customer and one pending member per payment.
create table members (
  member_id text primary key not null,
  easy_pay_merchant_id text not null,
  customer_id text not null,
  identity_encrypted text not null,
  password_hash text,
  failed_attempts bigint not null default 0,
  locked_at bigint,
  joined_at bigint not null,
  ci_fingerprint text,
  pending_customer_id text,
  pending_transaction_id text,
  pending_since bigint,
  attempts_decay_from bigint,
  unique (easy_pay_merchant_id, customer_id)
);

create index members_pending on members (pending_since) where pending_since is not null;
create index members_of_pending_customer on members (easy_pay_merchant_id, pending_customer_id)
  where pending_customer_id is not null;

create table spent_deletions (
  body_fingerprint text primary key not null,
  member_id text not null,
  outcome text not null,
  at bigint not null
);

create table cards (
  card_id text primary key not null,
  member_id text not null references members (member_id),
  number_encrypted text not null,
  number_fingerprint text not null,
  masked_number text not null,
  issuer_code text not null,
  card_kind text not null,
  expiry_encrypted text not null,
  is_default bigint not null,
  registered_at bigint not null,
  name_encrypted text,
  unique (member_id, number_fingerprint)
);

create unique index cards_default on cards (member_id) where is_default = 1;

-- Permissions to charge a card without its buyer. An ended key stays: a charge of it is answered with the reason.
create table bill_keys (
  bill_key_id text primary key not null,
  merchant_id text not null,
  order_id text not null,
  member_id text not null,
  card_id text not null,
  -- Of the random key, as the shop sends it.
  key_hash text not null unique,
  key_encrypted text not null,
  state text not null,
  issued_at bigint not null,
  ended_at bigint
);

create index bill_keys_by_member on bill_keys (member_id);
create index bill_keys_by_time on bill_keys (issued_at, bill_key_id);

-- One payment for each key and order. It outlives the payment in the archive, so that nothing is charged again.
create table bill_key_charges (
  bill_key_id text not null references bill_keys (bill_key_id),
  order_id text not null,
  amount bigint not null,
  transaction_id text not null,
  primary key (bill_key_id, order_id)
) /* by key */;

create table passkeys (
  passkey_id text primary key not null,
  member_id text not null references members (member_id),
  relying_party text not null,
  credential_fingerprint text not null unique,
  credential_encrypted text not null,
  sign_count bigint not null,
  created_at bigint not null,
  last_used_at bigint
);

create index passkeys_by_member on passkeys (member_id);

create table passkey_challenges (
  challenge_id text primary key not null,
  purpose text not null,
  session_hash text not null,
  member_id text not null,
  transaction_id text not null,
  order_id text not null,
  amount bigint not null,
  host text not null,
  random text not null,
  expires_at bigint not null,
  used_at bigint
);

create index passkey_challenges_by_end on passkey_challenges (expires_at);

create table payments (
  transaction_id text primary key not null,
  merchant_id text not null,
  order_id text not null,
  amount bigint not null,
  state text not null,
  request_public text not null,
  request_encrypted text not null,
  member_id text,
  card_id text,
  installment_months bigint,
  ticket_hash text,
  ticket_expires_at bigint,
  requested_at bigint not null,
  state_changed_at bigint not null,
  window_expires_at bigint not null,
  authenticated_at bigint,
  approval_number text,
  decline_reason text,
  answer_encrypted text,
  answered_at bigint,
  event_sequence bigint not null,
  event_hash text not null,
  cancel_reserved_amount bigint not null default 0,
  cancelled_amount bigint not null default 0,
  cancelled_at bigint,
  last_asked_at bigint not null default 0,
  is_interest_free bigint not null default 0,
  -- Until when one process alone asks about an indeterminate payment.
  claimed_until bigint not null default 0,
  binds_member bigint not null default 0,
  -- By the card network's clock, with the codes of its approval: for the report of a day.
  approved_at bigint,
  issuer_code text,
  acquirer_code text,
  -- The key that was charged, or that the window has issued.
  bill_key_id text
);

create index payments_by_time on payments (requested_at, transaction_id);
create index payments_of_bill_key on payments (bill_key_id, requested_at, transaction_id) where bill_key_id is not null;
create index payments_open on payments (state, state_changed_at)
  where state in ('requested', 'authenticated', 'approving');
create index payments_indeterminate on payments (last_asked_at, transaction_id) where state in ('unresolved', 'reversing');
create index payments_unauthenticated on payments (state_changed_at)
  where authenticated_at is null and state in ('aborted', 'expired');

create index payments_approved on payments (approved_at, transaction_id) where approved_at is not null;
create index payments_reversed on payments (state_changed_at, transaction_id) where state = 'reversed';

create table payment_events (
  transaction_id text not null,
  sequence bigint not null,
  event text not null,
  from_state text,
  to_state text not null,
  at bigint not null,
  note text not null,
  hash text not null,
  primary key (transaction_id, sequence)
) /* by key */;

create table cancellations (
  transaction_id text not null,
  cancel_sequence bigint not null,
  merchant_id text not null,
  amount bigint not null,
  scope text not null,
  state text not null,
  partial_transaction_id text unique,
  cancel_number text not null,
  requested_at bigint not null,
  last_asked_at bigint not null,
  answered_at bigint,
  answer_encrypted text,
  -- By the card network's clock; null until it has confirmed the refund.
  cancelled_at bigint,
  primary key (transaction_id, cancel_sequence)
);

create index cancellations_open on cancellations (last_asked_at) where state = 'asking';
create index cancellations_by_time on cancellations (cancelled_at, transaction_id, cancel_sequence)
  where cancelled_at is not null;

create table cancel_password_attempts (
  merchant_id text primary key not null,
  failed_attempts bigint not null
);

create table notification_targets (
  merchant_id text primary key not null,
  url text not null,
  charset text not null,
  interval_minutes bigint not null,
  max_attempts bigint not null,
  webhook_keys_encrypted text,
  field_names text not null default 'current'
);

create table notifications (
  transaction_id text not null,
  sequence bigint not null,
  merchant_id text not null,
  payment_state text not null,
  enqueued_at bigint not null,
  state text not null,
  body_encrypted text,
  attempts bigint not null default 0,
  next_attempt_at bigint not null default 0,
  claimed_until bigint not null default 0,
  delivered_at bigint,
  last_result text,
  shop_answer_encrypted text,
  primary key (transaction_id, sequence)
) /* by key */;

create index notifications_pending on notifications (next_attempt_at, transaction_id, sequence) where state = 'pending';
-- For the console's list, which asks by the same expression. An index on the plain state would draw SQLite's planner, which
-- does not know how many rows wait, away from notifications_pending: each claim would read every waiting row.
create index notifications_of_state on notifications ((state || ''), enqueued_at, transaction_id, sequence);

create table window_sessions (
  session_hash text primary key not null,
  transaction_id text not null unique,
  facts_encrypted text not null,
  expires_at bigint not null,
  version bigint not null
);

create index window_sessions_by_end on window_sessions (expires_at);

create table keypads (
  keypad_id text primary key not null,
  session_hash text not null,
  layout_encrypted text not null,
  expires_at bigint not null,
  used_at bigint
);

create index keypads_by_end on keypads (expires_at);

-- Calls in and out, masked before they are stored, for the console.
create table request_log (
  call_id bigint primary key not null,
  started_at bigint not null,
  direction text not null,
  kind text not null,
  result text not null,
  code text,
  merchant_id text,
  transaction_id text,
  order_id text,
  duration_ms bigint not null,
  details text not null
);

create index request_log_by_payment on request_log (transaction_id, call_id);

-- Files that hold archived payments.
create table archives (
  file_name text primary key not null,
  changed_before bigint not null,
  state text not null,
  is_open bigint unique,
  holder text not null,
  held_until bigint not null,
  payments bigint not null default 0,
  digest text,
  started_at bigint not null,
  ended_at bigint
);

-- One row. Payments requested before these times may have left the database: into an archive, or deleted unauthenticated.
create table archive_watermark (
  id bigint primary key not null,
  archived_before bigint not null,
  unauthenticated_deleted_before bigint not null default 0
);

insert into archive_watermark (id, archived_before) values (1, 0);

-- Root keys during a rotation: since when gateways encrypt with one, what is kept of it for lookups, and when no row was left under it.
create table root_keys (
  key_id text primary key not null,
  first_used_at bigint not null,
  former_encrypted text,
  retired_at bigint
);

-- Of a move from another database: how far each table is, and in the row without a name when all was verified.
create table move_progress (
  table_name text primary key not null,
  last_key text not null default '',
  rows_moved bigint not null default 0,
  ended_at bigint
);
