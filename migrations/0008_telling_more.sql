-- What is told ahead of time, to many at once, or in an admin's own words.

-- What a message speaks of that is about several tokens.
create table notice_tokens (
    notice_id bigint not null references notices (id),
    token_id bigint not null references tokens (id),
    primary key (notice_id, token_id)
);

-- The days, by UTC, on which people were warned of what ends soon: each once.
create table warning_days (
    day date primary key
);

create table warnings (
    token_id bigint not null references tokens (id),
    -- The end that was warned of: one that was moved is warned of anew.
    expires_at timestamptz not null,
    -- So many days or fewer were left.
    days integer not null constraint warned_ahead check (days in (30, 7, 1)),
    event_id bigint not null references events (id),
    constraint warned_once primary key (token_id, expires_at, days)
);

-- Addresses whose server refused a token's message for good: the contact hears of each once.
create table refused_mailboxes (
    token_id bigint not null references tokens (id),
    address text not null,
    event_id bigint not null references events (id),
    constraint refusal_told_once primary key (token_id, address)
);

-- What an admin is about to tell the people of some tokens. Nothing depends on it.
create table announcement_drafts (
    id bigint generated always as identity primary key,
    provider text not null,
    author bigint not null,
    tokens bigint[] not null default '{}',
    -- All live tokens of the provider, whichever those are when it is sent.
    everything boolean not null default false,
    page integer not null default 0,
    subject text not null default '',
    body text not null default '',
    expires_at timestamptz not null default now() + interval '1 hour',
    constraint announcement_drafts_one_per_person unique (author, provider)
);

create table announcements (
    event_id bigint primary key references events (id),
    subject text not null constraint subject_length check (char_length(subject) between 1 and 100),
    body text not null constraint body_length check (char_length(body) between 1 and 2000)
);

-- Days as people count them, by UTC.
create function days_until(moment timestamptz) returns integer
language sql stable set search_path = countersign, pg_temp as $$
    select (moment at time zone 'utc')::date - (now() at time zone 'utc')::date
$$;

-- At which of the three distances a token stands that ends in so many days.
create function warning_due(days_left integer) returns integer
language sql immutable set search_path = countersign, pg_temp as $$
    select case when days_left <= 1 then 1 when days_left <= 7 then 7 when days_left <= 30 then 30 end
$$;

create function guard_warning() returns trigger
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
create trigger guard before insert on warnings for each row execute function guard_warning();
create trigger keep before update or delete on warnings for each row execute function refuse_removal();
create trigger keep_all before truncate on warnings execute function refuse_removal();

create function guard_warning_day() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if new.day <> (now() at time zone 'utc')::date then
        raise exception 'people are warned today' using errcode = 'CS071';
    end if;
    return new;
end $$;
create trigger guard before insert on warning_days for each row execute function guard_warning_day();
create trigger keep before update or delete on warning_days
    for each row execute function refuse_removal();
create trigger keep_all before truncate on warning_days execute function refuse_removal();

-- A message's tokens are noted with it.
create function guard_notice_token() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if not exists (
        select from notices where id = new.notice_id and state = 'waiting' and created_at = now()
            and kind in ('expiring', 'announced')
    ) then
        raise exception 'a message speaks of the tokens that it was made for' using errcode = 'CS053';
    end if;
    return new;
end $$;
create trigger guard before insert on notice_tokens for each row execute function guard_notice_token();
create trigger keep before update or delete on notice_tokens
    for each row execute function refuse_removal();
create trigger keep_all before truncate on notice_tokens execute function refuse_removal();

create function guard_refused_mailbox() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if not exists (
        select from events where id = new.event_id and token_id = new.token_id
            and kind = 'notice_refused' and detail -> 'to' ->> 'mail' = new.address
    ) then
        raise exception 'a mailbox is refused by its server' using errcode = 'CS072';
    end if;
    return new;
end $$;
create trigger guard before insert on refused_mailboxes
    for each row execute function guard_refused_mailbox();
create trigger keep before update or delete on refused_mailboxes
    for each row execute function refuse_removal();
create trigger keep_all before truncate on refused_mailboxes execute function refuse_removal();

-- An announcement is somebody's, and stays as it was sent.
create function guard_announcement() returns trigger
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
create trigger guard before insert on announcements for each row execute function guard_announcement();
create trigger keep before update or delete on announcements
    for each row execute function refuse_removal();
create trigger keep_all before truncate on announcements execute function refuse_removal();

-- One message of what ends soon for each person and day, which begins when it is due.
create unique index one_warning_a_day on notices (medium, recipient, ((created_at at time zone 'utc')::date))
    where kind = 'expiring';
create or replace function guard_notice() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        if new.state <> 'waiting' or new.created_at <> now() then
            raise exception 'a notice begins as waiting, when it is due' using errcode = 'CS050';
        end if;
    elsif old.state <> 'waiting' or new.state = 'waiting' then
        raise exception 'a notice ends once' using errcode = 'CS051';
    end if;
    return new;
end $$;
