-- A request that waits for approvals again has its time anew: it may have waited for its admins, or its
-- provider, for longer than approvals may take.
create function guard_waiting_time() returns trigger
language plpgsql set search_path = countersign, pg_temp as $$
begin
    if old.state = 'pending' or new.state <> 'pending' or new.expires_at < old.expires_at then
        raise exception 'a request''s time begins anew when it waits for approvals again'
            using errcode = 'CS015';
    end if;
    return new;
end $$;
create trigger guard_time before update on requests
    for each row when (new.expires_at <> old.expires_at) execute function guard_waiting_time();
