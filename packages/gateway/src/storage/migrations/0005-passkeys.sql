-- A member's passkeys, and the one-time challenges that ask for one. No credential stands here in clear.

create table passkeys (
  passkey_id text primary key not null,
  member_id text not null references members (member_id),
  relying_party text not null,
  credential_fingerprint text not null unique,
  credential_encrypted text not null,
  sign_count bigint not null,
  created_at bigint not null,
  last_used_at bigint
);

create index passkeys_by_member on passkeys (member_id);

create table passkey_challenges (
  challenge_id text primary key not null,
  purpose text not null,
  session_hash text not null,
  member_id text not null,
  transaction_id text not null,
  order_id text not null,
  amount bigint not null,
  host text not null,
  random text not null,
  expires_at bigint not null,
  used_at bigint
);

create index passkey_challenges_by_end on passkey_challenges (expires_at);
