-- The newest notifications are found among the newest of each state, by notifications_of_state. Every approval wrote this index too, which was
-- a tenth of its cost in storage. An older gateway beside this one lists notifications more slowly, and works.

drop index notifications_newest;
