-- What an issuer other than `builtin` enables is on at the provider at once, before anybody collects
-- the new secret. Such a token is `issued` again: so whatever ends it, ends it at the provider too.

create or replace function guard_token() returns trigger
language plpgsql security definer set search_path = countersign, pg_temp as $$
declare
    besides tokens;
begin
    perform refuse_old_snapshots();
    -- Whoever approve what they saw of a token saw this revision of it.
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
            or new.expires_at > now() + make_interval(days => old.lifetime_days)
        then
            raise exception 'a token lives as long as was approved' using errcode = 'CS032';
        end if;
    elsif not is_narrower(old, new) then
        raise exception 'widening a token takes a request with its approvals' using errcode = 'CS033';
    end if;
    if old.collected_at is not null and new.collected_at is distinct from old.collected_at then
        raise exception 'a token is collected once' using errcode = 'CS035';
    end if;
    if new.state <> old.state and (old.state, new.state) not in (
        ('issued', 'active'), ('issued', 'disabling'), ('issued', 'disabled'), ('issued', 'deleting'),
        ('issued', 'deleted'), ('issued', 'expired'),
        ('active', 'disabling'), ('active', 'disabled'), ('active', 'deleting'), ('active', 'deleted'),
        ('active', 'expired'),
        ('disabling', 'disabled'), ('disabling', 'deleting'), ('disabling', 'deleted'), ('disabling', 'expired'),
        ('disabled', 'active'), ('disabled', 'issued'), ('disabled', 'deleting'), ('disabled', 'deleted'),
        ('disabled', 'expired'),
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
        raise exception 'a token that is off is on again only where its issuer made it so'
            using errcode = 'CS039';
    end if;
    if (new.owner, new.account_sid) is distinct from (old.owner, old.account_sid) and not exists (
        select from secrets join requests on requests.id = secrets.request_id
        where secrets.token_id = new.id and secrets.state = 'current'
            and secrets.account_sid = new.account_sid and requests.requester = new.owner
    ) then
        raise exception 'a token''s owner is whoever asked for its secret' using errcode = 'CS039';
    end if;
    if new.state in ('deleted', 'expired') and new.state <> old.state then
        delete from reserved_names where request_id = new.request_id;
    end if;
    return new;
end $$;

-- Those that wait to be collected at this moment.
update tokens set state = 'issued'
where state = 'disabled' and issuer <> 'builtin' and exists (
    select from secrets join requests on requests.id = secrets.request_id
        join deliveries on deliveries.secret_id = secrets.id
    where secrets.token_id = tokens.id and secrets.state = 'waiting' and requests.kind = 'enable'
        and deliveries.state = 'waiting'
);

-- Where the issuer swapped secrets already, the one before the one that waits is dead.
update secrets set state = 'dead'
where state in ('current', 'outgoing')
    and exists (select from tokens where tokens.id = secrets.token_id and issuer <> 'builtin')
    and exists (select from secrets newer
        where newer.token_id = secrets.token_id and newer.state = 'waiting');
