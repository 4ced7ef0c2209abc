-- Tokens as people look them up, by name, age and standing, among a million as among a thousand.

-- Finds parts of names; a trusted extension, which the database's owner may create.
create extension if not exists pg_trgm;

-- What people filter by; "deleted" is in no list.
alter table tokens add column standing text not null generated always as (case
    when state in ('issued', 'active') then 'enabled'
    when state in ('disabling', 'disabled') then 'disabled'
    when state = 'expired' then 'expired'
    else 'deleted'
end) stored;

drop index tokens_by_owner;
drop index tokens_by_contact;
create index tokens_of_provider on tokens (provider, standing, created_at desc, id desc);
create index tokens_of_owner on tokens (owner, standing, created_at desc, id desc);
create index tokens_of_contact on tokens (contact, standing, created_at desc, id desc);
create index tokens_by_name on tokens using gin (lower(name) gin_trgm_ops);

-- What waits for an admin of a provider.
create index requests_open_of_provider on requests (provider, id)
    where state in ('pending', 'approved', 'issuing', 'failed');
