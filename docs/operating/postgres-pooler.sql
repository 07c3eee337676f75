alter role sspay_gateway set statement_timeout = '8s';
alter role sspay_gateway set lock_timeout = '2s';
alter role sspay_gateway set enable_seqscan = off;
alter role sspay_gateway set enable_hashjoin = off;
alter role sspay_gateway set enable_mergejoin = off;
