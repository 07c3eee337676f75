-- Whether the window shows issuer, last digits and name of a customer's cards before the payment password (1) or only how many there are (0).

alter table merchants add column shows_cards_before_password integer not null default 0;
