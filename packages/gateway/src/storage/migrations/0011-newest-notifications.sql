-- The newest of all notices are found among the newest of each state, by notifications_of_state: every approval has written this index too, at a
-- tenth of what it costs the storage. An older gateway beside this one lists notices more slowly, and works.

drop index notifications_newest;
