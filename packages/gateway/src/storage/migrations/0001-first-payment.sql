-- Portable DDL: text, and bigint for won and milliseconds. What ends in _sealed, _hash or _fingerprint went through the key ring.
-- What stands after a table is for an engine that can keep its rows in the order of the primary key.

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
  acquirer_merchant_number text not null
);

create table members (
  member_id text primary key not null,
  easy_pay_merchant_id text not null,
  customer_id text not null,
  identity_encrypted text not null,
  password_hash text,
  failed_attempts bigint not null default 0,
  locked_at bigint,
  joined_at bigint not null,
  unique (easy_pay_merchant_id, customer_id)
);

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
  unique (member_id, number_fingerprint)
);

create unique index cards_default on cards (member_id) where is_default = 1;

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
  event_hash text not null
);

create index payments_by_time on payments (requested_at, transaction_id);
create index payments_open on payments (state, state_changed_at)
  where state in ('requested', 'authenticated', 'approving', 'unresolved');

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

create table notifications (
  transaction_id text not null,
  sequence bigint not null,
  merchant_id text not null,
  payment_state text not null,
  enqueued_at bigint not null,
  state text not null,
  primary key (transaction_id, sequence)
) /* by key */;

create index notifications_by_state on notifications (state, enqueued_at);

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
