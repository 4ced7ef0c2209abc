-- Somebody who has tokens or requests of a provider left the guild: its admins are told once, until
-- that person comes back.

create table departures (
    id bigint generated always as identity primary key,
    person bigint not null check (person > 0),
    provider text not null,
    noticed_at timestamptz not null default now(),
    -- When Discord took the message that tells the admins.
    told_at timestamptz,
    returned_at timestamptz
);
create unique index departures_noticed_once on departures (person, provider) where returned_at is null;
create index departures_untold on departures (noticed_at) where told_at is null and returned_at is null;

create function guard_departure() returns trigger
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
    then
        raise exception 'a departure is told once, and over once' using errcode = 'CS081';
    end if;
    return new;
end $$;
create trigger guard before insert or update on departures
    for each row execute function guard_departure();
create trigger keep before delete on departures for each row execute function refuse_removal();
create trigger keep_all before truncate on departures execute function refuse_removal();
