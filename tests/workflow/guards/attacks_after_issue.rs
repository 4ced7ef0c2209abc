//! Attacks on a token, its secrets, its deliveries and its messages, beside `attacks`.

/// Statement and refusal, as in `attacks::ATTACKS`.
pub const AFTER_ISSUE: &[(&str, &str)] = &[
    // To widen a token, or revive it.
    ("update tokens set scopes = scopes || '[{\"id\": \"trees:all\"}]'", "CS033"),
    ("update tokens set scopes = jsonb_set(scopes, '{0,method}', '\"DELETE\"')", "CS033"),
    ("update tokens set scopes = jsonb_set(scopes, '{0,path}', '\"/Everything/{Id}\"')", "CS033"),
    ("update tokens set scopes = jsonb_set(scopes, '{0,value}', '\"all\"')", "CS033"),
    ("update tokens set scopes = jsonb_build_array((scopes -> 0) - 'path')", "CS033"),
    ("update tokens set scopes = '{}'", "22023"),
    ("update tokens set expires_at = now() + interval '10 years'", "CS033"),
    ("update tokens set expires_at = null", "CS033"),
    ("update tokens set description = 'Other'", "CS033"),
    ("update tokens set owner = 7", "CS039"),
    ("update tokens set account_sid = 'CSmine'", "CS039"),
    ("update tokens set name = 'Other'", "CS033"),
    ("update tokens set contact = 7", "CS033"),
    ("update tokens set developer_emails = '{evil@example.com}'", "CS033"),
    ("update tokens set api_version = 1", "CS033"),
    ("update tokens set lifetime_days = 365", "CS033"),
    ("update tokens set scopes = '[]'", "CS033"),
    ("update tokens set revision = 7", "42501"),
    ("update tokens set change_id = (select id from requests where state = 'done')", "CS037"),
    ("update tokens set change_id = (select id from requests where state = 'pending')", "CS037"),
    // Making a secret of one's own, or keeping an old one alive.
    ("update secrets set sha256 = sha256('mine')", "42501"),
    (
        "insert into secrets (token_id, request_id, account_sid, sha256)
         select tokens.id, requests.id, account_sid, sha256('mine') from tokens, requests
         where requests.state = 'done'",
        "CS060",
    ),
    (
        "insert into secrets (token_id, request_id, account_sid, sha256)
         select tokens.id, requests.id, account_sid, sha256('mine') from tokens, requests
         where requests.state = 'pending'",
        "CS060",
    ),
    ("update secrets set state = 'outgoing', valid_until = now() + interval '1 hour'", "CS065"),
    ("update secrets set state = 'dead'; update secrets set state = 'current'", "CS063"),
    ("update secrets set current_from = null", "CS062"),
    (
        "update secrets set last_used_at = now(); update secrets set last_used_at = null",
        "CS062",
    ),
    ("delete from secrets", "42501"),
    (
        "update tokens set state = 'disabled'; update secrets set state = 'current'",
        "CS063",
    ),
    ("update tokens set collected_at = null", "CS035"),
    ("update tokens set state = 'issued'", "CS034"),
    ("update tokens set state = 'disabled'; update tokens set state = 'active'", "CS039"),
    ("update tokens set state = 'deleted'; update tokens set state = 'active'", "CS034"),
    // Giving a secret to someone else, or keeping it.
    ("update deliveries set owner = 7", "42501"),
    ("update deliveries set expires_at = now() + interval '1 year'", "42501"),
    ("update deliveries set state = 'waiting'", "CS042"),
    ("update deliveries set sealed_secret = 'x'", "CS041"),
    (
        "insert into deliveries (token_id, secret_id, owner, sealed_secret, expires_at)
         select token_id, id, 7, 'x', now() from secrets",
        "CS040",
    ),
    (
        "insert into deliveries (token_id, secret_id, owner, sealed_secret, expires_at)
         select token_id, id, 7, 'x', now() + interval '2 years' from secrets",
        "CS046",
    ),
    ("update reveals set hide_at = hide_at + interval '1 hour'", "CS044"),
    // Sending false notices, or preventing notices.
    (
        "insert into warnings (token_id, expires_at, days, event_id)
         select tokens.id, expires_at, 30, events.id from tokens, events limit 1",
        "CS070",
    ),
    ("insert into warning_days (day) values (current_date + 1)", "CS071"),
    (
        "insert into expiries (event_id, token_id)
         select events.id, tokens.id from events, tokens limit 1",
        "CS075",
    ),
    ("insert into expiries (event_id, token_id, told_at) values (1, 1, now())", "42501"),
    ("delete from expiries", "42501"),
    ("delete from warnings", "42501"),
    ("delete from warning_days", "42501"),
    (
        "insert into notice_tokens (notice_id, token_id)
         select notices.id, tokens.id from notices, tokens limit 1",
        "CS053",
    ),
    (
        "insert into refused_mailboxes (token_id, address, contact, event_id)
         select tokens.id, 'dev@example.com', contact, events.id from tokens, events limit 1",
        "CS072",
    ),
    ("update notices set put_off_since = now() - interval '5 days'", "CS051"),
    (
        "insert into announcements (event_id, subject, body)
         select id, 'Hi', 'x' from events limit 1",
        "CS073",
    ),
    (
        "insert into notices (event_id, kind, medium, recipient, created_at)
         select id, 'expiring', 'direct_message', '7', now() - interval '1 day' from events limit 1",
        "42501",
    ),
    (
        "insert into notices (event_id, kind, medium, recipient)
         select id, 'expiring', 'direct_message', '7' from events limit 2",
        "23505",
    ),
];
