-- The console's list of the notices in one state, however many others there are. Expands only.

create index notifications_by_state on notifications (state, enqueued_at, transaction_id, sequence);
