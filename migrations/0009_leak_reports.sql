-- Somebody presented the secret of a token: for a quarter of an hour, that person may disable it.

create table leak_reports (
    id bigint generated always as identity primary key,
    person bigint not null check (person > 0),
    -- The secret that was presented.
    secret_id bigint not null references secrets (id),
    reported_at timestamptz not null,
    expires_at timestamptz not null
);
create index leak_reports_by_expiry on leak_reports (expires_at);

-- The time is the database's own, so that no report is longer good than it should be. One that is
-- forgotten early only takes a button from somebody.
create function guard_leak_report() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if tg_op = 'UPDATE' then
        raise exception 'a report stays what it is' using errcode = 'CS070';
    end if;
    new.reported_at := now();
    new.expires_at := now() + interval '15 minutes';
    return new;
end $$;
create trigger guard before insert or update on leak_reports
    for each row execute function guard_leak_report();
