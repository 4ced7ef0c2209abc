-- What the application's role, {role}, may do: as little as the workflows need, column by column. No id and
-- no time of the database's own is among what it may write, no row that must stay may be removed, and it
-- executes nothing that runs as the owner.
revoke all on schema countersign from public, {role};
revoke all on all tables in schema countersign from public, {role};
revoke all on all sequences in schema countersign from public, {role};
-- One by one: pg_trgm's functions are not ours to change, and the server would warn of each. Types are
-- named, so that no operator of our schema is a better match.
do $grants$
declare
    ours text;
begin
    for ours in
        select oid::regprocedure from pg_proc
        where pronamespace = 'countersign'::regnamespace::oid
            and (prosecdef or probin is null or probin not in ('$libdir/pg_trgm', 'pg_trgm'))
    loop
        execute 'revoke all on function ' || ours || $role$ from public, {role}$role$;
    end loop;
end $grants$;
alter default privileges in schema countersign revoke all on tables from public;
alter default privileges revoke execute on functions from public;

grant usage on schema countersign to {role};
grant select on all tables in schema countersign to {role};

-- Helpers of guards and queries that run as whoever calls them.
grant execute on function short_parts(text), is_task(text), is_own_time(timestamptz, timestamptz),
    count_open_in_turn(bigint), read_approvals(bigint, bytea, bigint), require_approvals(requests),
    is_content(tokens, jsonb), days_until(timestamptz), warning_due(integer), find_concerned(text, bigint, bigint, text) to {role};

grant insert (id, name, locale), update (name, locale, dm_channel) on people to {role};
grant insert (interaction_id), delete on handled_interactions to {role};
grant insert (turn), update (turn, session_id, resume_url, sequence, saved_at), delete on gateway_session to {role};

grant insert (provider, kind, state, requester, approvals_required, requester_approval_counts, content, digest,
    name_key, token_id, expires_at),
    update (state, approvals_required, requester_approval_counts, content, digest, name_key, expires_at,
    ended_by, reason) on requests to {role};
grant insert (request_id, person, digest, interaction_id), update (struck_at, struck_because)
    on approvals to {role};
grant insert (request_id, digest, person) on readings to {role};
grant insert (request_id, digest) on cut_contents to {role};

grant insert (provider, issuer, request_id, account_sid, name, description, api_version, owner, contact,
    developer_emails, scopes, lifetime_days, state, expires_at),
    update (state, scopes, collected_at, expires_at, name, description, api_version, owner, contact,
    developer_emails, lifetime_days, account_sid, change_id) on tokens to {role};
grant insert (token_id, request_id, account_sid, sha256),
    update (state, current_from, valid_until, last_used_at) on secrets to {role};
grant insert (request_id, marker, configuration), update (state, upstream_id, sealed_upstream_id, ends_itself,
    look_again_at, trouble_since, seen_at, accepted_at, in_flight_until, off_since, renewal_sent, renewal_doubt)
    on attempts to {role};
grant insert (configuration, provider, shows, longest), update (shows, longest) on find_proofs to {role};
grant insert (person, secret_id), delete on leak_reports to {role};
grant insert (provider, requester, kind, request_id, token_id, begun_from, name, description, api_version,
    contact, developer_emails, problems, scopes, lifetime_days, keeps_expiry, overlap_seconds, opened_from, expires_at),
    update (name, description, api_version, contact, developer_emails, problems, scopes, lifetime_days,
    keeps_expiry, overlap_seconds, category, category_page, scope_page, opened_from, is_resumed, expires_at,
    begun_from, kind), delete on drafts to {role};

grant insert (token_id, secret_id, owner, sealed_secret, expires_at),
    update (state, sealed_secret, dm_channel, dm_message, dm_refused_at, first_pressed_at, reveal_ends_at,
    accepted_at) on deliveries to {role};
grant insert (delivery_id, interaction_id, sealed_interaction_token, hide_at),
    update (sealed_interaction_token, hide_at, hidden_at) on reveals to {role};

grant insert (kind, provider, request_id, token_id, actor, on_behalf_of, interaction_id, digest_before,
    digest_after, detail) on events to {role};
grant insert (event_id, kind, medium, recipient, request_id, token_id),
    update (state, settled_at, put_off_since, dm_channel, dm_message) on notices to {role};
grant insert (notice_id, token_id) on notice_tokens to {role};
grant insert (day) on warning_days to {role};
grant insert (token_id, expires_at, days, event_id) on warnings to {role};
grant insert (event_id, token_id), update (told_at) on expiries to {role};
grant insert (token_id, address, contact, event_id) on refused_mailboxes to {role};
grant insert (provider, author), update (tokens, everything, page, subject, body, expires_at), delete
    on announcement_drafts to {role};
grant insert (event_id, subject, body) on announcements to {role};
grant insert (person, provider), update (told_at, channel, message, returned_at) on departures to {role};
grant insert (request_id, channel),
    update (channel, message, wanted, shown, posted, rendering_until, reminded_at, call_message, called_for,
    called_at, refused_code, refused_at, refused_revision) on cards to {role};
grant insert (kind, subject, lane, urgency, due_at, taken_by, leased_until),
    update (written_at, due_at, taken_by, leased_until, again_at, is_put_back, failures), delete on jobs to {role};
