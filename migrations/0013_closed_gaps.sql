-- What the guards let pass: a comparison with nothing is neither true nor false, and counted as a yes; a
-- token that was enabled before anybody collected it never ended; and a task took a name, or was taken
-- back while its token waited for it.

-- Such tokens end now, and from now on, so that their people are warned.
alter table tokens disable trigger guard;
update tokens set revision = revision + 1, collected_at = coalesce(collected_at, now()),
    expires_at = coalesce(expires_at, now() + make_interval(days => lifetime_days))
where state = 'active' and (collected_at is null or expires_at is null);
alter table tokens enable trigger guard;
alter table tokens add constraint what_works_is_collected
    check (state <> 'active' or collected_at is not null);
alter table tokens add constraint what_is_collected_ends
    check (collected_at is null or expires_at is not null);

alter table requests drop constraint content_is_whole;
alter table requests add constraint content_is_whole check (
    (content::jsonb ->> 'provider') is not distinct from provider
    and (content::jsonb ->> 'kind') is not distinct from kind
    and (content::jsonb ? 'name') and (content::jsonb ? 'scopes')
);

-- What can't be compared is not what was approved.
create or replace function is_content(token tokens, content jsonb) returns boolean
language sql immutable set search_path = countersign, pg_temp as $$
    select (token.name = content ->> 'name'
        and token.description = content ->> 'description'
        and token.api_version = (content ->> 'api_version')::integer
        and token.contact = (content ->> 'contact')::bigint
        and token.lifetime_days = (content ->> 'lifetime_days')::integer
        and to_jsonb(token.developer_emails) = content -> 'developer_emails'
        and to_jsonb(token.scopes) = jsonb_path_query_array(content, '$.scopes[*].id')) is true
$$;

-- Fewer scopes, an earlier end; nothing else is narrowing, least of all no end.
create or replace function is_narrower(was tokens, becomes tokens) returns boolean
language sql immutable set search_path = countersign, pg_temp as $$
    select ((becomes.name, becomes.description, becomes.api_version, becomes.contact, becomes.developer_emails)
            is not distinct from
            (was.name, was.description, was.api_version, was.contact, was.developer_emails)
        and becomes.scopes <@ was.scopes and cardinality(becomes.scopes) > 0
        and becomes.lifetime_days <= was.lifetime_days
        and (becomes.expires_at is not distinct from was.expires_at
            or (was.expires_at is not null and becomes.expires_at < was.expires_at))) is true
$$;

create or replace function reserve_name(request requests) returns void
language plpgsql set search_path = countersign, pg_temp as $$
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
delete from reserved_names using requests
where requests.id = reserved_names.request_id and requests.token_id is not null
    and (is_task(requests.kind) or requests.state = 'done');

create or replace function guard_request() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
begin
    perform refuse_old_snapshots();
    if tg_op = 'INSERT' then
        if new.state <> (case when is_task(new.kind) then 'issuing' else 'pending' end)
            or new.revision <> 1
        then
            raise exception 'a request begins as pending' using errcode = 'CS001';
        end if;
        perform reserve_name(new);
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
        -- While a token waits to be switched off, somebody is asked to.
        or (new.state = 'withdrawn' and exists (select from tokens where id = new.token_id
            and state = case new.kind when 'disable' then 'disabling' when 'delete' then 'deleting' end))
    ) then
        raise exception 'a request can''t go from % to %', old.state, new.state using errcode = 'CS004';
    end if;
    if new.digest <> old.digest or new.name_key <> old.name_key then
        if new.state <> 'pending' then
            raise exception 'content changes only while a request is pending' using errcode = 'CS005';
        end if;
        new.revision := old.revision + 1;
        update approvals set struck_at = now(), struck_because = 'content_changed'
        where request_id = new.id and struck_at is null;
        perform reserve_name(new);
    elsif new.revision <> old.revision then
        raise exception 'the revision counts contents' using errcode = 'CS005';
    end if;
    if new.state in ('approved', 'issuing') and approvals_that_count(new) < new.approvals_required then
        raise exception 'request % has % of % approvals', new.number, approvals_that_count(new), new.approvals_required
            using errcode = 'CS006';
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

create or replace function guard_secret() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
declare
    token tokens;
    request requests;
    successor_overlap interval;
begin
    perform refuse_old_snapshots();
    -- Last use is noted without it.
    if tg_op = 'INSERT' or new.state <> old.state then
        select * into token from tokens where id = new.token_id for update;
    end if;
    if tg_op = 'INSERT' then
        select * into request from requests where id = new.request_id for update;
        if request.state is distinct from 'issuing'
            or request.kind not in ('create', 'duplicate', 'reset', 'enable')
            or new.state <> 'waiting'
            or (new.current_from, new.valid_until, new.last_used_at) is distinct from (null, null, null)
        then
            raise exception 'a secret needs a request that is being issued' using errcode = 'CS060';
        end if;
        if approvals_that_count(request) < request.approvals_required then
            raise exception 'request % has % of % approvals',
                request.number, approvals_that_count(request), request.approvals_required using errcode = 'CS006';
        end if;
        if request.kind in ('create', 'duplicate') then
            if token.request_id is distinct from request.id or token.account_sid <> new.account_sid then
                raise exception 'a secret is for the token of its request' using errcode = 'CS061';
            end if;
        elsif token.id is distinct from request.token_id
            or token.revision is distinct from (request.content::jsonb -> 'target' ->> 'revision')::integer
            or token.state <> (case request.kind when 'reset' then 'active' else 'disabled' end)
            or (token.issuer = 'builtin' and token.account_sid <> new.account_sid)
        then
            raise exception 'the token is not what was approved' using errcode = 'CS038';
        end if;
        return new;
    end if;

    if (new.id, new.token_id, new.request_id, new.account_sid, new.sha256, new.created_at)
        is distinct from
        (old.id, old.token_id, old.request_id, old.account_sid, old.sha256, old.created_at)
        or (old.current_from is not null and new.current_from is distinct from old.current_from)
        or (old.valid_until is not null
            and (new.valid_until is null or new.valid_until > old.valid_until))
        or (old.last_used_at is not null
            and (new.last_used_at is null or new.last_used_at < old.last_used_at))
    then
        raise exception 'a secret keeps what it is, and lives no longer than was said' using errcode = 'CS062';
    end if;
    if new.state <> old.state then
        if (old.state, new.state) not in (
            ('waiting', 'current'), ('waiting', 'dead'), ('current', 'outgoing'),
            ('current', 'dead'), ('outgoing', 'dead')
        ) then
            raise exception 'a secret can''t go from % to %', old.state, new.state using errcode = 'CS063';
        end if;
        if new.state = 'current' and not exists (
            select from deliveries where secret_id = new.id and state = 'pressed'
        ) then
            raise exception 'a secret opens nothing before its owner asked for it' using errcode = 'CS064';
        end if;
        if new.state = 'outgoing' then
            select make_interval(secs => (requests.content::jsonb -> 'target' ->> 'overlap_seconds')::integer)
            into successor_overlap
            from secrets waiting
            join deliveries on deliveries.secret_id = waiting.id and deliveries.state = 'pressed'
            join requests on requests.id = waiting.request_id
            where waiting.token_id = new.token_id and waiting.state = 'waiting';
            if new.valid_until > now() + coalesce(successor_overlap, interval '0')
                or new.valid_until > token.expires_at
            then
                raise exception 'an old secret lives no longer than was asked for' using errcode = 'CS065';
            end if;
        end if;
    end if;
    return new;
end $$;

create or replace function guard_new_token() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
declare
    request requests;
    content jsonb;
begin
    perform refuse_old_snapshots();
    select * into request from requests where id = new.request_id for update;
    if request.state is distinct from 'issuing' or request.kind not in ('create', 'duplicate') then
        raise exception 'a token needs a request that is being issued' using errcode = 'CS030';
    end if;
    if approvals_that_count(request) < request.approvals_required then
        raise exception 'request % has % of % approvals',
            request.number, approvals_that_count(request), request.approvals_required using errcode = 'CS006';
    end if;
    content := request.content::jsonb;
    if new.provider <> request.provider or new.owner <> request.requester
        or new.issuer is distinct from content ->> 'issuer' or not is_content(new, content)
    then
        raise exception 'a token is what was approved' using errcode = 'CS031';
    end if;
    if new.state <> 'issued' or new.revision <> 1 or new.collected_at is not null
        or new.change_id is not null
        or new.expires_at > now() + make_interval(days => new.lifetime_days)
    then
        raise exception 'a token begins as issued, within its lifetime' using errcode = 'CS032';
    end if;
    return new;
end $$;

create or replace function guard_change(was tokens, becomes tokens) returns void
language plpgsql set search_path = countersign, pg_temp as $$
declare
    change requests;
    content jsonb;
begin
    select * into change from requests where id = becomes.change_id for update;
    content := change.content::jsonb;
    if change.token_id is distinct from was.id or change.state <> 'issuing'
        or change.kind not in ('edit', 'upgrade', 'extend', 'narrow')
    then
        raise exception 'a change needs a request that is being issued' using errcode = 'CS037';
    end if;
    if approvals_that_count(change) < change.approvals_required then
        raise exception 'request % has % of % approvals',
            change.number, approvals_that_count(change), change.approvals_required using errcode = 'CS006';
    end if;
    if (content -> 'target' ->> 'revision')::integer is distinct from was.revision then
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
        or becomes.expires_at > now() + make_interval(days => becomes.lifetime_days)
    ) then
        raise exception 'a token lives as long as was approved' using errcode = 'CS032';
    end if;
    delete from reserved_names where request_id = change.id;
    if change.kind <> 'narrow' then
        update reserved_names set name_key = change.name_key where request_id = was.request_id;
    end if;
end $$;
