-- Payments that ended before their buyer authenticated are deleted after days: the index that finds them holds no others, and the horizon says
-- until when they may be gone. Expands only: an older gateway keeps them.

create index payments_unauthenticated on payments (state_changed_at)
  where authenticated_at is null and state in ('aborted', 'expired');

alter table payment_horizon add column authenticated_only_before bigint not null default 0;
