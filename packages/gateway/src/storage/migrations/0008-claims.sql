-- Until when one process settles an undecided payment alone. Expands only.

alter table payments add column claimed_until bigint not null default 0;
