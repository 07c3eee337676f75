-- Without statistics SQLite prefers an index that begins with the bare state to the one of pending notifications: each claim then reads all
-- that are pending. This index is on an expression, which only the console's list asks by. Expands only.
drop index notifications_by_state;
create index notifications_of_state on notifications ((state || ''), enqueued_at, transaction_id, sequence);
