//! What a person sees, as one JSON document: people, channels, messages, commands, names.
//! Ids are texts, since a browser's numbers are too small for them.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Control, Problem};
use crate::{ChannelView, Discord, Person, Shown, User, standard};

/// Where the person looks.
#[derive(Deserialize)]
pub(super) struct Where {
    channel: Option<String>,
}

pub(super) async fn view(
    State(control): State<Control>,
    Path(name): Path<String>,
    Query(place): Query<Where>,
) -> Result<Json<Value>, Problem> {
    control.view(&name, place.channel.as_deref()).map(Json)
}

impl Control {
    /// Everything for one person. Messages are null where the channel isn't theirs to see, or none is
    /// named by its id.
    ///
    /// # Errors
    /// No usable person has that name.
    pub fn view(&self, name: &str, channel: Option<&str>) -> Result<Value, Problem> {
        let person = self.person(name)?;
        let channels = person.channels();
        let messages = channel.and_then(|id| person.messages_in(id.parse().ok()?).ok());
        let messages = messages.map(|shown| shown.iter().map(message_json).collect::<Vec<_>>());
        let mut people = Vec::new();
        for name in self.names() {
            people.push(listed(self, &name)?);
        }
        Ok(json!({
            "guild": self.discord.guild_name(),
            "people": people,
            "channels": channels.iter().map(channel_json).collect::<Vec<_>>(),
            "messages": messages,
            "commands": person.commands(),
            "names": names(&self.discord, &person, &channels),
        }))
    }
}

fn listed(control: &Control, name: &str) -> Result<Value, Problem> {
    let person = control.person(name)?;
    let accounts = control.discord.accounts();
    let account = accounts.into_iter().find(|account| account.id == person.id());
    let account = account.ok_or_else(|| Problem::Missing(format!("{name} is gone")))?;
    let roles = control.discord.roles_of(&person);
    let channels = person.channels();
    let unread: usize = channels.iter().map(|channel| channel.unread).sum();
    let pings: usize = channels.iter().map(|channel| channel.pings).sum();
    Ok(json!({
        "name": name,
        "id": account.id.to_string(),
        "display_name": account.display_name,
        "locale": account.locale,
        "admin": roles.contains(&standard::ADMINS),
        "roles": roles.iter().map(u64::to_string).collect::<Vec<_>>(),
        "direct_messages": super::moderator::word(account.direct_messages),
        "unread": unread,
        "pings": pings,
    }))
}

fn channel_json(channel: &ChannelView) -> Value {
    json!({
        "id": channel.id.to_string(),
        "name": channel.name,
        "direct": channel.direct,
        "unread": channel.unread,
        "pings": channel.pings,
    })
}

fn message_json(shown: &Shown) -> Value {
    json!({
        "id": shown.view.id().to_string(),
        "revision": shown.view.revision(),
        "private": shown.view.is_ephemeral(),
        "loading": shown.view.is_loading(),
        "command": shown.command,
        "body": shown.view.json(),
    })
}

/// The names for mentions, and whom one can choose. Channels that the person doesn't see have no
/// name for them.
fn names(discord: &Discord, person: &Person, channels: &[ChannelView]) -> Value {
    let text = |id: u64, name: &str| (id.to_string(), Value::from(name));
    let roles = discord.roles();
    let roles: Map<_, _> = roles.iter().map(|role| text(role.id, &role.name)).collect();
    let listed = channels.iter().filter(|channel| !channel.direct);
    let listed: Map<_, _> = listed.map(|channel| text(channel.id, &channel.name)).collect();
    let user = |user: &User| {
        json!({
            "id": user.id.to_string(),
            "name": user.name,
            "display_name": user.display_name,
            "bot": user.bot,
        })
    };
    let users = discord.accounts();
    json!({
        "me": person.id().to_string(),
        "users": users.iter().map(user).collect::<Vec<_>>(),
        "roles": roles,
        "channels": listed,
    })
}
