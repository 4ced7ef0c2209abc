-- A change is asked for of a token as it is, whatever it was when its draft was begun.

-- What the token was when the draft of a change was begun: so that what others changed since is told
-- apart from what its owner did. Drafts of before don't know it, and lived for an hour at most.
alter table drafts add column begun_from jsonb;
delete from drafts where token_id is not null and request_id is null and kind <> 'duplicate';
alter table drafts add constraint changes_begin_from_a_token check (
    (begun_from is not null) = (token_id is not null and request_id is null and kind <> 'duplicate')
);

-- A new secret and a later end leave everything else as it is: asked with other settings, they would
-- revert what changed meanwhile, and hold a name that the token doesn't have.
create function guard_kept_settings() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
declare
    token tokens;
    content jsonb := new.content::jsonb;
    wanted text[];
begin
    if tg_op = 'UPDATE' then
        if new.digest = old.digest then
            return new;
        end if;
    end if;
    select * into token from tokens where id = new.token_id;
    wanted := array(select scope ->> 'id' from jsonb_array_elements(content -> 'scopes') as scope);
    -- The catalogue's order may be another one by now.
    if token.scopes <@ wanted and wanted <@ token.scopes then
        token.scopes := wanted;
    end if;
    token.lifetime_days := (content ->> 'lifetime_days')::integer;
    if is_content(token, content) is not true then
        raise exception 'a new secret or a later end leaves the token''s settings as they are'
            using errcode = 'CS009';
    end if;
    return new;
end $$;
create trigger keeps_settings before insert or update on requests for each row
    when (new.kind in ('reset', 'enable', 'extend')) execute function guard_kept_settings();
