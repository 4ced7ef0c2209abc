-- Who people are, as they were last seen in an interaction: names for mails and steps, a language
-- and a channel for direct messages, so that telling somebody needs no question to Discord.

create table people (
    id bigint primary key check (id > 0),
    name text not null,
    -- Discord's name of their language; null for somebody who was only named by others.
    locale text,
    -- The channel of direct messages with them, once it was opened: opening many gets a bot blocked.
    dm_channel bigint
);
