-- A token is what was approved, and only narrows by itself.

-- Whether a token is what a content says. What can't be compared is not.
create or replace function is_content(token tokens, content jsonb) returns boolean
language plpgsql immutable set search_path = countersign, pg_temp as $$
begin
    return (token.name = content ->> 'name'
        and token.description = content ->> 'description'
        and token.api_version = (content ->> 'api_version')::integer
        and token.contact = (content ->> 'contact')::bigint
        and token.lifetime_days = (content ->> 'lifetime_days')::integer
        and to_jsonb(token.developer_emails) = content -> 'developer_emails'
        and token.scopes = content -> 'scopes') is true;
end $$;

-- Fewer scopes, an earlier end; nothing else is narrowing, least of all no end.
create or replace function is_narrower(was tokens, becomes tokens) returns boolean
language plpgsql immutable as $$
begin
    return ((becomes.name, becomes.description, becomes.api_version, becomes.contact, becomes.developer_emails)
            is not distinct from
            (was.name, was.description, was.api_version, was.contact, was.developer_emails)
        -- Each scope that stays is, in all its parts, one that was there.
        and (becomes.scopes = was.scopes or (
            jsonb_array_length(becomes.scopes) > 0 and not exists (
                select from jsonb_array_elements(becomes.scopes) as scope
                where scope not in (select jsonb_array_elements(was.scopes)))))
        and becomes.lifetime_days <= was.lifetime_days
        and (becomes.expires_at is not distinct from was.expires_at
            or (was.expires_at is not null and becomes.expires_at < was.expires_at))) is true;
end $$;

-- The key under which a token's name is unique is that of the request whose content the token is; a new token's is
-- set by guard_new_token, which reads that request.
create or replace function name_of_token() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    new.name_key := (select name_key from requests where id = coalesce(new.change_id, new.request_id));
    return new;
end $$;
create or replace trigger name_key before update of change_id on tokens
    for each row execute function name_of_token();

create or replace function guard_new_token() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
declare
    request requests;
    content jsonb;
begin
    select * into request from requests where id = new.request_id for no key update;
    if request.state is distinct from 'issuing' or request.kind not in ('create', 'duplicate') then
        raise exception 'a token needs a request that is being issued' using errcode = 'CS030';
    end if;
    perform require_approvals(request);
    content := request.content::jsonb;
    if new.provider <> request.provider or new.owner <> request.requester
        or new.issuer is distinct from content ->> 'issuer' or not is_content(new, content)
    then
        raise exception 'a token is what was approved' using errcode = 'CS031';
    end if;
    if new.state <> 'issued' or new.revision <> 1 or new.collected_at is not null
        or new.change_id is not null
        or new.expires_at > now() + make_interval(hours => 24 * new.lifetime_days)
    then
        raise exception 'a token begins as issued, within its lifetime' using errcode = 'CS032';
    end if;
    new.name_key := request.name_key;
    return new;
end $$;
create or replace trigger guard_new before insert on tokens for each row execute function guard_new_token();

-- A change takes effect as it was approved, on the token that was seen then.
create or replace function guard_change(was tokens, becomes tokens) returns void
language plpgsql as $$
declare
    change requests;
    content jsonb;
begin
    select * into change from requests where id = becomes.change_id for no key update;
    content := change.content::jsonb;
    if change.token_id is distinct from was.id or change.state <> 'issuing'
        or change.kind not in ('edit', 'upgrade', 'extend', 'narrow')
    then
        raise exception 'a change needs a request that is being issued' using errcode = 'CS037';
    end if;
    perform require_approvals(change);
    if (content -> 'target' ->> 'revision')::bigint is distinct from was.revision then
        raise exception 'the token is not what was approved' using errcode = 'CS038';
    end if;
    if not is_content(becomes, content) then
        raise exception 'a token is what was approved' using errcode = 'CS031';
    end if;
    if change.kind = 'narrow' and not is_narrower(was, becomes) then
        raise exception 'widening a token takes a request with its approvals' using errcode = 'CS033';
    end if;
    if becomes.expires_at is distinct from was.expires_at and (
        becomes.expires_at is null
        or not coalesce((content -> 'target' ->> 'lives_anew')::boolean, false)
        or becomes.expires_at > now() + make_interval(hours => 24 * becomes.lifetime_days)
    ) then
        raise exception 'a token lives as long as was approved' using errcode = 'CS032';
    end if;
    delete from reserved_names where request_id = change.id;
    if change.kind <> 'narrow' then
        update reserved_names set name_key = change.name_key where request_id = was.request_id;
    end if;
end $$;

-- What an issuer other than `builtin` enables is on at the provider at once, before anybody collects
-- the new secret. Such a token is `issued` again: so whatever ends it, ends it at the provider too.
create or replace function guard_token() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
declare
    besides tokens;
begin
    if tg_relid <> 'countersign.tokens'::regclass then
        raise exception 'this function serves tokens alone' using errcode = 'CS022';
    end if;
    -- Whoever approved what they saw of a token saw this revision of it.
    new.revision := old.revision + 1;
    if (new.id, new.provider, new.issuer, new.request_id, new.created_at) is distinct from
       (old.id, old.provider, old.issuer, old.request_id, old.created_at)
    then
        raise exception 'a token keeps its provider, issuer and request' using errcode = 'CS033';
    end if;
    if new.change_id is distinct from old.change_id then
        if new.state <> old.state or new.collected_at is distinct from old.collected_at then
            raise exception 'a change leaves the token''s state as it is' using errcode = 'CS034';
        end if;
        perform guard_change(old, new);
    elsif old.collected_at is null and new.collected_at is not null then
        -- Its lifetime begins, where the issuer's did not begin before.
        besides := new;
        besides.expires_at := old.expires_at;
        if not is_narrower(old, besides)
            or (old.expires_at is not null and new.expires_at is distinct from old.expires_at)
            or new.expires_at > now() + make_interval(hours => 24 * old.lifetime_days)
        then
            raise exception 'a token lives as long as was approved' using errcode = 'CS032';
        end if;
    elsif not is_narrower(old, new) then
        raise exception 'widening a token takes a request with its approvals' using errcode = 'CS033';
    end if;
    if old.collected_at is not null and new.collected_at is distinct from old.collected_at then
        raise exception 'a token is collected once' using errcode = 'CS035';
    end if;
    if not is_own_time(old.collected_at, new.collected_at) then
        raise exception 'when something happened is for the database to say' using errcode = 'CS024';
    end if;
    if new.state <> old.state and (old.state, new.state) not in (
        ('issued', 'active'), ('issued', 'disabling'), ('issued', 'disabled'), ('issued', 'deleting'),
        ('issued', 'deleted'), ('issued', 'expired'),
        ('active', 'disabling'), ('active', 'disabled'), ('active', 'deleting'), ('active', 'deleted'),
        ('active', 'expired'),
        ('disabling', 'disabled'), ('disabling', 'deleting'), ('disabling', 'deleted'), ('disabling', 'expired'),
        ('disabled', 'active'), ('disabled', 'issued'), ('disabled', 'disabling'), ('disabled', 'deleting'),
        ('disabled', 'deleted'), ('disabled', 'expired'),
        ('deleting', 'deleted'), ('expired', 'deleting'), ('expired', 'deleted')
    ) then
        raise exception 'a token can''t go from % to %', old.state, new.state using errcode = 'CS034';
    end if;
    if new.state = 'active' and old.state <> 'active' and not exists (
        select from secrets join requests on requests.id = secrets.request_id
        where secrets.token_id = new.id and secrets.state = 'current'
            and requests.kind in ('create', 'duplicate', 'enable')
    ) then
        raise exception 'a token works only with a secret that its owner has' using errcode = 'CS039';
    end if;
    if new.state = 'issued' and old.state = 'disabled' and (new.issuer = 'builtin' or not exists (
        select from secrets join requests on requests.id = secrets.request_id
        where secrets.token_id = new.id and secrets.state = 'waiting' and requests.kind = 'enable'
    )) then
        raise exception 'a token that is disabled is on again only where its issuer made it so'
            using errcode = 'CS039';
    end if;
    if (new.owner, new.account_sid) is distinct from (old.owner, old.account_sid) and not exists (
        select from secrets join requests on requests.id = secrets.request_id
        where secrets.token_id = new.id and secrets.state = 'current'
            and secrets.account_sid = new.account_sid and requests.requester = new.owner
    ) then
        raise exception 'a token''s owner is whoever requested its secret' using errcode = 'CS039';
    end if;
    if new.state in ('deleted', 'expired') and new.state <> old.state then
        delete from reserved_names where request_id = new.request_id;
    end if;
    return new;
end $$;
create or replace trigger guard before update on tokens for each row execute function guard_token();
create or replace trigger keep before delete on tokens for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on tokens execute function refuse_removal();

-- The secrets of a token that is off open nothing, and are handed to nobody.
create or replace function end_secrets() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    update deliveries set state = 'voided', sealed_secret = null
    where token_id = new.id and state in ('waiting', 'pressed');
    update secrets set state = 'dead' where token_id = new.id and state <> 'dead';
    return null;
end $$;
create or replace trigger end_secrets after update on tokens for each row
    when (new.state in ('disabled', 'deleted', 'expired') and old.state <> new.state)
    execute function end_secrets();

-- Whoever verifies tokens keeps what they read of them, and hears here of what changed. The payload is
-- the token's id: nothing that somebody who listens could present. A change that is heard of twice is
-- only read once more.
create or replace function tell_of_token() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    perform pg_notify('countersign_tokens', new.id::text);
    return null;
end $$;
create or replace trigger tell after insert or update on tokens for each row
    when (new.issuer = 'builtin') execute function tell_of_token();
