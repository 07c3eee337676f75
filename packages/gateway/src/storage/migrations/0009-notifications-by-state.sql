-- The console lists the notifications of one state, however many others there are. Expands only.

create index notifications_by_state on notifications (state, enqueued_at, transaction_id, sequence);
