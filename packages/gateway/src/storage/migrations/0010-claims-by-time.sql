-- An index that begins with the state draws SQLite, which knows nothing of how many wait, away from the one of what is due: each claim
-- then reads all that waits. This one serves the console's list only, which asks by the same expression. Expands only.

drop index notifications_by_state;
create index notifications_of_state on notifications ((state || ''), enqueued_at, transaction_id, sequence);
