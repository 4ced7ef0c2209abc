-- What somebody did that is of no token and of no request, and that they may do only so often: an
-- announcement, and a look at whether a name is another's.
create index events_by_person on events (provider, kind, actor, at)
    where token_id is null and request_id is null and actor is not null;
