-- A list by name looks at the newest tokens until it has a page of those that match: with the name in
-- the index, that reads the index alone.
drop index tokens_of_provider;
drop index tokens_of_owner;
drop index tokens_of_contact;
create index tokens_of_provider on tokens (provider, standing, created_at desc, id desc) include (name);
create index tokens_of_owner on tokens (owner, standing, created_at desc, id desc) include (name);
create index tokens_of_contact on tokens (contact, standing, created_at desc, id desc) include (name);
