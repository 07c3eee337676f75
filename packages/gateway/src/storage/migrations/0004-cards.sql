-- Names of cards, and instalments that cost the buyer no interest: the merchant's rules as JSON, and what held when the buyer paid.

alter table cards add column name_encrypted text;
alter table merchants add column interest_free text not null default '[]';
alter table payments add column is_interest_free bigint not null default 0;
