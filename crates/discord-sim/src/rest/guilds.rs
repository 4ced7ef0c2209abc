//! The guild, its members and roles.

use serde_json::json;

use super::{Answer, Call, Reply};
use crate::{
    refusal::{self, Refusal},
    state::{Place, State},
};

fn check_guild(state: &State, call: &Call) -> Result<(), Refusal> {
    if call.id(0)? != state.guild.id {
        return Err(refusal::UNKNOWN_GUILD);
    }
    // A bot that was removed has no access.
    if state.members.contains_key(&state.application.id) {
        Ok(())
    } else {
        Err(refusal::MISSING_ACCESS)
    }
}

/// The guilds that the bot is in: the one that there is, or none.
pub(crate) fn mine(call: &Call) -> Answer {
    call.shared.read(|state| {
        let is_member = state.members.contains_key(&state.application.id);
        let guilds: Vec<_> = is_member.then(|| state.own_guild_object()).into_iter().collect();
        Ok(Reply::json(json!(guilds)))
    })
}

pub(crate) fn guild(call: &Call) -> Answer {
    call.shared.read(|state| {
        check_guild(state, call)?;
        Ok(Reply::json(state.guild_object(call.ask("with_counts"))))
    })
}

pub(crate) fn channels(call: &Call) -> Answer {
    call.shared.read(|state| {
        check_guild(state, call)?;
        let channels = state.channels.values().filter(|channel| channel.place == Place::Guild);
        let channels: Vec<_> = channels.map(|channel| state.channel_object(channel)).collect();
        Ok(Reply::json(json!(channels)))
    })
}

pub(crate) fn member(call: &Call) -> Answer {
    call.shared.read(|state| {
        check_guild(state, call)?;
        Ok(Reply::json(state.member_object(call.id(1)?)?))
    })
}

pub(crate) fn roles(call: &Call) -> Answer {
    call.shared.read(|state| {
        check_guild(state, call)?;
        Ok(Reply::json(state.roles_object()))
    })
}

pub(crate) fn role_counts(call: &Call) -> Answer {
    call.shared.read(|state| {
        check_guild(state, call)?;
        Ok(Reply::json(state.role_counts()))
    })
}
