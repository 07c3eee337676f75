-- Cancellation, reversal and redelivery. What ends in _sealed went through the key ring.

alter table payments add column cancel_reserved_amount bigint not null default 0;
alter table payments add column cancelled_amount bigint not null default 0;
alter table payments add column cancelled_at bigint;
alter table payments add column last_asked_at bigint not null default 0;

drop index payments_open;
create index payments_open on payments (state, state_changed_at)
  where state in ('requested', 'authenticated', 'approving');
create index payments_indeterminate on payments (last_asked_at, transaction_id) where state in ('unresolved', 'reversing');

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
  primary key (transaction_id, cancel_sequence)
);

create index cancellations_open on cancellations (last_asked_at) where state = 'asking';

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
  webhook_keys_encrypted text
);

alter table notifications add column body_encrypted text;
alter table notifications add column attempts bigint not null default 0;
alter table notifications add column next_attempt_at bigint not null default 0;
alter table notifications add column claimed_until bigint not null default 0;
alter table notifications add column delivered_at bigint;
alter table notifications add column last_result text;

drop index notifications_by_state;
create index notifications_pending on notifications (next_attempt_at, transaction_id, sequence) where state = 'pending';

create index notifications_newest on notifications (enqueued_at, transaction_id, sequence);

update notifications set state = 'no_endpoint' where body_encrypted is null;
