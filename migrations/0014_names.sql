-- Names as people type them: whole, or parts of one or two characters, which trigrams don't know.

-- Each character of a name and each two that stand together, in lower case.
create function short_parts(name text) returns text[]
language plpgsql immutable strict parallel safe cost 200
set search_path = countersign, pg_temp as $$
declare
    letters text[] := string_to_array(lower(name), null);
    parts text[] := letters;
begin
    for at in 2 .. coalesce(array_length(letters, 1), 0) loop
        parts := parts || (letters[at - 1] || letters[at]);
    end loop;
    return parts;
end $$;
create index tokens_by_short_parts on tokens using gin (short_parts(name));

-- The key under which a token's name is unique, case-folded NFKC: that of the request whose content
-- the token is. A trigger alone sets it; nobody may.
alter table tokens add column name_key text not null default '';
alter table tokens disable trigger user;
update tokens set name_key = requests.name_key from requests
where requests.id = coalesce(tokens.change_id, tokens.request_id);
alter table tokens enable trigger user;

create function name_of_token() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    new.name_key := (select name_key from requests where id = coalesce(new.change_id, new.request_id));
    return new;
end $$;
create trigger name_key before insert or update of change_id on tokens
    for each row execute function name_of_token();

create index tokens_by_name_key on tokens (name_key, standing, created_at desc, id desc);
