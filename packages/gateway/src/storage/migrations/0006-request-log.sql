-- What the console shows of every call in and out: masked before it comes here, and kept for a while only.

create table request_log (
  call_id bigint primary key not null,
  started_at bigint not null,
  direction text not null,
  kind text not null,
  result text not null,
  code text,
  merchant_id text,
  transaction_id text,
  order_id text,
  duration_ms bigint not null,
  details text not null
);

create index request_log_by_payment on request_log (transaction_id, call_id);
