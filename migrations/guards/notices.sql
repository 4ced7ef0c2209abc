-- The audit log only grows, and people are told once.

-- An event has the database's own time, which is that of its transaction's begin. One that was kept
-- open could write the past; it can still show what it wrote late.
create or replace function refuse_late_event() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    raise exception 'a transaction that began long ago writes no events' using errcode = 'CS054';
end $$;
create or replace trigger guard_time before insert on events for each row
    when (clock_timestamp() > now() + interval '5 minutes') execute function refuse_late_event();

create or replace function guard_restoration() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if not exists (select from recoveries where ended_at is null) then
        raise exception 'only a recovery says that the database was restored' using errcode = 'CS055';
    end if;
    return new;
end $$;
create or replace trigger guard before insert on events for each row
    when (new.kind = 'database_restored') execute function guard_restoration();
create or replace trigger append_only before update or delete on events
    for each row execute function refuse_removal();
create or replace trigger append_only_all before truncate on events execute function refuse_removal();

create or replace function guard_notice() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'waiting' or new.created_at <> now() or new.put_off_since is not null then
            raise exception 'a notice begins as waiting, when it is due' using errcode = 'CS050';
        end if;
    elsif new.put_off_since is distinct from old.put_off_since then
        -- It begins again if something else kept the notice meanwhile.
        if (old.state, new.state) <> ('waiting', 'waiting')
            or old.put_off_since is not null and new.put_off_since is not null
            or new.put_off_since <> now()
        then
            raise exception 'a notice is put off from when that is first said' using errcode = 'CS051';
        end if;
    elsif old.state = new.state and old.dm_message is not null and new.dm_message is null
        and new.settled_at is not distinct from old.settled_at
    then
        -- Its message was deleted, or shows something newer.
        return new;
    elsif old.state <> 'waiting' or new.state = 'waiting' or new.settled_at is distinct from now() then
        raise exception 'a notice ends once' using errcode = 'CS051';
    end if;
    return new;
end $$;
create or replace trigger guard before insert or update on notices for each row execute function guard_notice();
create or replace trigger keep before delete on notices for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on notices execute function refuse_removal();

-- A message's tokens are noted with it.
create or replace function guard_notice_token() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if not exists (
        select from notices where id = new.notice_id and state = 'waiting' and created_at = now()
            and kind in ('expiring', 'announced', 'several_expired', 'mailbox_refused_for_several')
    ) then
        raise exception 'a message speaks of the tokens that it was made for' using errcode = 'CS053';
    end if;
    return new;
end $$;
create or replace trigger guard before insert on notice_tokens
    for each row execute function guard_notice_token();
create or replace trigger keep before update or delete on notice_tokens
    for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on notice_tokens execute function refuse_removal();

-- Days as people count them, by UTC.
create or replace function days_until(moment timestamptz) returns integer
language sql stable set search_path = countersign, pg_temp as $$
    select (moment at time zone 'utc')::date - (now() at time zone 'utc')::date
$$;

-- At which of the three distances a token stands that ends in so many days.
create or replace function warning_due(days_left integer) returns integer
language sql immutable set search_path = countersign, pg_temp as $$
    select case when days_left <= 1 then 1 when days_left <= 7 then 7 when days_left <= 30 then 30 end
$$;

create or replace function guard_warning() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if not exists (
        select from tokens where id = new.token_id and state = 'active'
            and expires_at = new.expires_at and expires_at > now()
            and warning_due(days_until(expires_at)) = new.days
    ) or not exists (
        select from events where id = new.event_id and token_id = new.token_id
            and kind = 'token_expiring'
    ) then
        raise exception 'a warning is of a live token that ends soon' using errcode = 'CS070';
    end if;
    return new;
end $$;
create or replace trigger guard before insert on warnings for each row execute function guard_warning();
create or replace trigger keep before update or delete on warnings
    for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on warnings execute function refuse_removal();

create or replace function guard_warning_day() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if new.day <> (now() at time zone 'utc')::date then
        raise exception 'people are warned today' using errcode = 'CS071';
    end if;
    return new;
end $$;
create or replace trigger guard before insert on warning_days
    for each row execute function guard_warning_day();
create or replace trigger keep before update or delete on warning_days
    for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on warning_days execute function refuse_removal();

create or replace function guard_expiry() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.told_at is not null or not exists (
            select from events where id = new.event_id and token_id = new.token_id
                and kind = 'token_expired' and at = now()
        ) then
            raise exception 'an expiry is noted when it happens' using errcode = 'CS075';
        end if;
    elsif old.told_at is not null or new.told_at is distinct from now() then
        raise exception 'an expiry is told once' using errcode = 'CS075';
    end if;
    return new;
end $$;
create or replace trigger guard before insert or update on expiries
    for each row execute function guard_expiry();
create or replace trigger keep before delete on expiries for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on expiries execute function refuse_removal();

create or replace function guard_refused_mailbox() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if not exists (
        select from events where id = new.event_id and token_id = new.token_id
            and kind = 'notice_refused' and detail -> 'to' ->> 'mail' = new.address
    ) or not exists (
        select from tokens where id = new.token_id and contact = new.contact
    ) then
        raise exception 'a mailbox is refused by its server' using errcode = 'CS072';
    end if;
    return new;
end $$;
create or replace trigger guard before insert on refused_mailboxes
    for each row execute function guard_refused_mailbox();
create or replace trigger keep before update or delete on refused_mailboxes
    for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on refused_mailboxes execute function refuse_removal();

-- An announcement is somebody's, and stays as it was sent.
create or replace function guard_announcement() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if not exists (
        select from events where id = new.event_id and kind = 'announced' and actor is not null
            and interaction_id is not null and at = now()
    ) then
        raise exception 'an announcement is an admin''s, when it is sent' using errcode = 'CS073';
    end if;
    return new;
end $$;
create or replace trigger guard before insert on announcements
    for each row execute function guard_announcement();
create or replace trigger keep before update or delete on announcements
    for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on announcements execute function refuse_removal();

create or replace function guard_departure() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.told_at is not null or new.returned_at is not null then
            raise exception 'a departure begins untold' using errcode = 'CS080';
        end if;
        return new;
    end if;
    if (new.id, new.person, new.provider, new.noticed_at)
        is distinct from (old.id, old.person, old.provider, old.noticed_at)
        or (old.told_at is not null and new.told_at is distinct from old.told_at)
        or (old.returned_at is not null and new.returned_at is distinct from old.returned_at)
        or not is_own_time(old.told_at, new.told_at)
        or not is_own_time(old.returned_at, new.returned_at)
    then
        raise exception 'a departure is told once, and over once' using errcode = 'CS081';
    end if;
    return new;
end $$;
create or replace trigger guard before insert or update on departures
    for each row execute function guard_departure();
create or replace trigger keep before delete on departures for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on departures execute function refuse_removal();

create or replace trigger keep before delete on cards for each row execute function refuse_removal();
create or replace trigger keep_all before truncate on cards execute function refuse_removal();
