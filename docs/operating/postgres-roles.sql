create role sspay_owner login password 'REPLACE';
create role sspay_gateway login password 'REPLACE';
grant create on schema public to sspay_owner;
alter default privileges for role sspay_owner in schema public
  grant select, insert, update, delete on tables to sspay_gateway;
