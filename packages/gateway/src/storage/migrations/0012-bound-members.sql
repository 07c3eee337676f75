-- A member is a person (ci_fingerprint) and is bound to a customer by the first approved payment. Until then customer_id holds a placeholder
-- that names the payment: the unique key of the older table then allows one bound member per customer and one pending member per payment, and a
-- gateway of the version before, which knows customer_id only, does not see pending members. Expands only.

alter table members add column ci_fingerprint text;
alter table members add column pending_customer_id text;
alter table members add column pending_transaction_id text;
alter table members add column pending_since bigint;
alter table members add column attempts_decay_from bigint;

create index members_pending on members (pending_since) where pending_since is not null;
create index members_of_pending_customer on members (easy_pay_merchant_id, pending_customer_id)
  where pending_customer_id is not null;

alter table merchants add column identity_verification text not null default 'required';
alter table payments add column binds_member bigint not null default 0;
