-- A request goes from state to state as its approvals allow, and its approvals are of its content.

-- How many open requests a person has. It waits until nobody else submits for them, and nobody does until the
-- transaction ends. What runs in a function sees what was committed before it began, so the count comes after the wait.
create or replace function count_open_in_turn(person bigint) returns bigint
language plpgsql set search_path = countersign, pg_temp as $$
begin
    perform pg_advisory_xact_lock(person);
    return (select count(*) from requests
        where requester = person and state in ('pending', 'approved', 'issuing', 'failed') and not is_task(kind));
end $$;

-- The approvals of a request, and whether its card had no room for the content with this digest and the reader has not
-- opened *Details* for it. What runs in a function sees what was committed before it began: a statement that locks the
-- request calls it once it has the lock.
create or replace function read_approvals(of_request bigint, current_digest bytea, reader bigint) returns jsonb
language plpgsql set search_path = countersign, pg_temp as $$
begin
    return (select jsonb_build_object(
        'approvals', coalesce(jsonb_agg(jsonb_build_object('id', id, 'person', person, 'digest', encode(digest, 'hex'),
            'interaction', interaction_id, 'given_at', given_at, 'struck', struck_because) order by id), '[]'),
        'is_unread', exists (select from cut_contents where request_id = of_request and digest = current_digest)
            and not exists (select from readings
                where request_id = of_request and digest = current_digest and person = reader))
        from approvals where request_id = of_request);
end $$;

-- What counts: approvals of the current content that are not struck, each person once.
create or replace function require_approvals(request requests) returns void
language plpgsql set search_path = countersign, pg_temp as $$
declare
    given bigint := (select count(distinct person) from approvals
        where request_id = request.id and struck_at is null and digest = request.digest
            and (request.requester_approval_counts or person <> request.requester));
begin
    if given < request.approvals_required then
        raise exception 'request % has % of % approvals', request.number, given, request.approvals_required
            using errcode = 'CS006';
    end if;
end $$;

-- Who must approve, and under which name, as far as the content says it.
create or replace function check_content(request requests) returns void
language plpgsql as $$
declare
    content jsonb := request.content::jsonb;
    token tokens;
begin
    if not is_task(request.kind) and request.approvals_required < (
        select coalesce(max((scope ->> 'approvals')::integer), 2)
        from jsonb_array_elements(content -> 'scopes') as scope
    ) then
        raise exception 'a scope of this request takes more approvals' using errcode = 'CS007';
    end if;
    if request.token_id is null or request.kind = 'duplicate' then
        return;
    end if;
    select * into token from tokens where id = request.token_id;
    -- A name that stays keeps its key: another key would free the name for somebody else.
    if (is_task(request.kind) or content ->> 'name' = token.name)
        and (content ->> 'name', request.name_key) is distinct from (token.name, token.name_key)
    then
        raise exception 'a token that keeps its name keeps its key' using errcode = 'CS008';
    end if;
    -- A new secret and a later end leave everything else as it is: asked with other settings, they
    -- would revert what changed meanwhile.
    if request.kind in ('reset', 'enable', 'extend') then
        token.lifetime_days := (content ->> 'lifetime_days')::integer;
        if is_content(token, content) is not true then
            raise exception 'a new secret or a later end leaves the token''s settings as they are'
                using errcode = 'CS009';
        end if;
    end if;
end $$;

-- A name is held by the request that wants it; a token's by the request that created it.
create or replace function reserve_name(request requests) returns void
language plpgsql as $$
begin
    -- What a person is to do about a token needs no name: the token's stays, or was freed when it ended.
    if is_task(request.kind) then
        return;
    end if;
    delete from reserved_names where request_id = request.id;
    if not exists (
        select from reserved_names join tokens on tokens.request_id = reserved_names.request_id
        where tokens.id = request.token_id and reserved_names.provider = request.provider
            and reserved_names.name_key = request.name_key
    ) then
        insert into reserved_names (provider, name_key, request_id)
        values (request.provider, request.name_key, request.id);
    end if;
end $$;

create or replace function guard_request() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
begin
    if tg_relid <> 'countersign.requests'::regclass then
        raise exception 'this function serves requests alone' using errcode = 'CS022';
    end if;
    if tg_op = 'INSERT' then
        if new.state <> (case when is_task(new.kind) then 'issuing' else 'pending' end)
            or new.revision <> 1
        then
            raise exception 'a request begins as pending' using errcode = 'CS001';
        end if;
        perform check_content(new);
        perform reserve_name(new);
        -- Last, when nothing else stands in the way, so that a refused request leaves no gap.
        new.number := nextval('request_numbers');
        return new;
    end if;

    if (new.id, new.number, new.provider, new.kind, new.requester, new.submitted_at)
        is distinct from (old.id, old.number, old.provider, old.kind, old.requester, old.submitted_at)
        or new.token_id is distinct from old.token_id
    then
        raise exception 'a request keeps its number, provider, kind and requester' using errcode = 'CS002';
    end if;
    if new.approvals_required < old.approvals_required
        or (new.requester_approval_counts and not old.requester_approval_counts)
    then
        raise exception 'a request''s policy may only become stricter' using errcode = 'CS003';
    end if;
    if new.state <> old.state and (
        (old.state, new.state) not in (
            ('pending', 'approved'), ('pending', 'denied'), ('pending', 'withdrawn'),
            ('pending', 'expired'), ('pending', 'failed'),
            ('approved', 'pending'), ('approved', 'issuing'), ('approved', 'failed'),
            ('approved', 'withdrawn'),
            ('issuing', 'done'), ('issuing', 'failed'), ('issuing', 'pending'),
            ('issuing', 'withdrawn'), ('issuing', 'denied'),
            ('failed', 'approved'), ('failed', 'pending'), ('failed', 'withdrawn'), ('failed', 'denied')
        )
        or (is_task(new.kind) and new.state not in ('done', 'withdrawn'))
        -- While a token waits to be disabled or deleted, somebody is asked to do it.
        or (new.state = 'withdrawn' and exists (select from tokens where id = new.token_id
            and state = case new.kind when 'disable' then 'disabling' when 'delete' then 'deleting' end))
    ) then
        raise exception 'a request can''t go from % to %', old.state, new.state using errcode = 'CS004';
    end if;
    if new.digest <> old.digest or new.name_key <> old.name_key then
        if new.state <> 'pending' then
            raise exception 'content changes only while a request is pending' using errcode = 'CS005';
        end if;
        perform check_content(new);
        new.revision := old.revision + 1;
        update approvals set struck_at = now(), struck_because = 'content_changed'
        where request_id = new.id and struck_at is null;
        perform reserve_name(new);
    elsif new.revision <> old.revision then
        raise exception 'the revision counts contents' using errcode = 'CS005';
    end if;
    if new.state in ('approved', 'issuing') then
        perform require_approvals(new);
    end if;
    -- What a change made of a token's name is the token's.
    if new.state <> old.state and (new.state in ('denied', 'withdrawn', 'expired')
        or (new.state = 'done' and new.token_id is not null))
    then
        delete from reserved_names where request_id = new.id;
    end if;
    new.changed_at := now();
    return new;
end $$;
create or replace trigger guard before insert or update on requests
    for each row execute function guard_request();

-- A request is done only with what it asked for.
create or replace function guard_done() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if not (case
        when new.kind in ('create', 'duplicate') then
            exists (select from tokens join secrets on secrets.token_id = tokens.id
                where tokens.request_id = new.id and secrets.request_id = new.id)
        when new.kind in ('reset', 'enable') then
            exists (select from secrets where request_id = new.id)
        when new.kind = 'disable' then
            exists (select from tokens where id = new.token_id and state in ('disabled', 'expired'))
        when new.kind = 'delete' then
            exists (select from tokens where id = new.token_id and state = 'deleted')
        else exists (select from tokens where id = new.token_id and change_id = new.id)
    end) then
        raise exception 'a request is done when what it asked for is there' using errcode = 'CS036';
    end if;
    return new;
end $$;
create or replace trigger guard_done before update on requests for each row
    when (new.state = 'done' and old.state <> 'done') execute function guard_done();

-- A request that waits for approvals again has its whole time again: it may have waited for its admins,
-- or its provider, for longer than approvals may take.
create or replace function guard_waiting_time() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if old.state = 'pending' or new.state <> 'pending' or new.expires_at < old.expires_at then
        raise exception 'a request''s time begins again when it waits for approvals again'
            using errcode = 'CS015';
    end if;
    return new;
end $$;
create or replace trigger guard_time before update on requests
    for each row when (new.expires_at <> old.expires_at) execute function guard_waiting_time();
create or replace trigger keep before delete on requests for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on requests execute function refuse_removal();

create or replace function guard_approval() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
declare
    request requests;
begin
    -- One at a time for each request, so that a count and a change can't cross.
    select * into request from requests where id = new.request_id for no key update;
    if tg_op = 'INSERT' then
        if request.state is distinct from 'pending' then
            raise exception 'approvals are given to pending requests only' using errcode = 'CS010';
        end if;
        if request.expires_at <= now() then
            raise exception 'a request whose time is up takes no approvals' using errcode = 'CS010';
        end if;
        if new.digest <> request.digest then
            raise exception 'an approval is of the current content' using errcode = 'CS011';
        end if;
        if new.struck_at is not null then
            raise exception 'an approval is given before it is struck' using errcode = 'CS012';
        end if;
        if new.person = request.requester and not request.requester_approval_counts then
            raise exception 'the requester''s approval does not count here' using errcode = 'CS013';
        end if;
        if new.person <> request.requester
            and exists (select from cut_contents where request_id = new.request_id and digest = new.digest)
            and not exists (select from readings
                where request_id = new.request_id and digest = new.digest and person = new.person)
        then
            raise exception 'whoever approves what the card has no room for has read it' using errcode = 'CS016';
        end if;
        return new;
    end if;
    if (new.id, new.request_id, new.person, new.digest, new.interaction_id, new.given_at)
        is distinct from (old.id, old.request_id, old.person, old.digest, old.interaction_id, old.given_at)
        or old.struck_at is not null or new.struck_at is null
    then
        raise exception 'an approval may be struck, never altered' using errcode = 'CS014';
    end if;
    if not is_own_time(old.struck_at, new.struck_at) then
        raise exception 'when something happened is for the database to say' using errcode = 'CS024';
    end if;
    return new;
end $$;
create or replace trigger guard before insert or update on approvals
    for each row execute function guard_approval();
create or replace trigger keep before delete on approvals for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on approvals execute function refuse_removal();

-- Whoever read everything has read it.
create or replace trigger keep before update or delete on readings for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on readings execute function refuse_removal();
create or replace trigger keep before update or delete on cut_contents
    for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on cut_contents execute function refuse_removal();
