-- Origins of the merchant, with blanks between them. Empty: none is registered.

alter table merchants add column allowed_origins text not null default '';
