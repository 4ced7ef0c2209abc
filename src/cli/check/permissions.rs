//! Computes the permissions of a member in a channel, as Discord documents it (topics/permissions).

use crate::discord::rest::{Channel, Guild, Member, OverwriteKind, Role};
use crate::domain::ids::{RoleId, UserId};

pub(in crate::cli) const ADMINISTRATOR: u64 = 1 << 3;
pub(in crate::cli) const VIEW_CHANNEL: u64 = 1 << 10;
pub(in crate::cli) const SEND_MESSAGES: u64 = 1 << 11;
pub(in crate::cli) const EMBED_LINKS: u64 = 1 << 14;
pub(in crate::cli) const READ_MESSAGE_HISTORY: u64 = 1 << 16;
pub(in crate::cli) const MENTION_EVERYONE: u64 = 1 << 17;
pub(in crate::cli) const MANAGE_ROLES: u64 = 1 << 28;

/// The permissions that cards need, with their names in Discord's settings.
const NEEDED: [(u64, &str); 4] = [
    (VIEW_CHANNEL, "View Channel"),
    (SEND_MESSAGES, "Send Messages"),
    (EMBED_LINKS, "Embed Links"),
    (READ_MESSAGE_HISTORY, "Read Message History"),
];

/// A guild with its roles.
pub(in crate::cli) struct Rights<'a> {
    pub(in crate::cli) guild: &'a Guild,
    pub(in crate::cli) roles: &'a [Role],
}

impl Rights<'_> {
    /// The `@everyone` role; its id is that of the guild.
    fn everyone(&self) -> i64 {
        self.guild.id.get()
    }

    fn is_held(&self, role: RoleId, held: &[RoleId]) -> bool {
        role.get() == self.everyone() || held.contains(&role)
    }

    /// A member's permissions in the guild.
    fn in_guild(&self, user: Option<UserId>, held: &[RoleId]) -> u64 {
        if user == Some(self.guild.owner_id) {
            return u64::MAX;
        }
        let roles = self.roles.iter().filter(|role| self.is_held(role.id, held));
        let permissions = roles.fold(0, |all, role| all | role.permissions);
        if permissions & ADMINISTRATOR == 0 { permissions } else { u64::MAX }
    }

    /// A member's permissions in a channel.
    pub(in crate::cli) fn in_channel(&self, channel: &Channel, member: &Member) -> u64 {
        self.with_overwrites(channel, Some(member.user.id), &member.roles)
    }

    /// The names of the permissions that cards need in a channel and a member lacks there.
    pub(in crate::cli) fn list_missing(
        &self,
        channel: &Channel,
        member: &Member,
    ) -> Vec<&'static str> {
        let may = self.in_channel(channel, member);
        NEEDED.iter().filter(|(bit, _)| may & bit == 0).map(|(_, name)| *name).collect()
    }

    /// The permissions in a channel of somebody without roles.
    pub(in crate::cli) fn of_everyone(&self, channel: &Channel) -> u64 {
        self.with_overwrites(channel, None, &[])
    }

    fn with_overwrites(&self, channel: &Channel, user: Option<UserId>, held: &[RoleId]) -> u64 {
        let mut permissions = self.in_guild(user, held);
        if permissions == u64::MAX {
            return permissions;
        }
        let of = |kind: OverwriteKind| {
            channel.permission_overwrites.iter().filter(move |overwrite| overwrite.kind == kind)
        };
        let is = |id: u64, other: i64| i64::try_from(id) == Ok(other);
        let mut apply = |allow: u64, deny: u64| permissions = permissions & !deny | allow;

        for overwrite in of(OverwriteKind::Role).filter(|found| is(found.id, self.everyone())) {
            apply(overwrite.allow, overwrite.deny);
        }
        let roles = of(OverwriteKind::Role)
            .filter(|found| held.iter().any(|role| is(found.id, role.get())));
        let (allow, deny) =
            roles.fold((0, 0), |(allow, deny), found| (allow | found.allow, deny | found.deny));
        apply(allow, deny);
        for overwrite in of(OverwriteKind::Member)
            .filter(|found| user.is_some_and(|user| is(found.id, user.get())))
        {
            apply(overwrite.allow, overwrite.deny);
        }
        permissions
    }

    /// The roles whose holders could give `role` to themselves or others: administrators, and roles above
    /// it that manage roles. Roles of bots are left out, because only the bot has them.
    pub(in crate::cli) fn can_grant(&self, role: &Role) -> Vec<&Role> {
        let can_grant = |other: &&Role| {
            let manages = other.permissions & MANAGE_ROLES != 0 && other.position > role.position;
            other.id != role.id
                && !other.managed
                && (manages || other.permissions & ADMINISTRATOR != 0)
        };
        self.roles.iter().filter(can_grant).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn role(id: u64, permissions: u64, position: i64) -> Role {
        serde_json::from_value(json!({
            "id": id.to_string(), "name": format!("role {id}"),
            "permissions": permissions.to_string(), "position": position,
        }))
        .unwrap()
    }

    fn guild() -> Guild {
        serde_json::from_value(json!({"id": "1", "name": "guild", "owner_id": "9"})).unwrap()
    }

    fn channel(overwrites: Value) -> Channel {
        serde_json::from_value(json!({
            "id": "2", "type": 0, "guild_id": "1", "permission_overwrites": overwrites,
        }))
        .unwrap()
    }

    fn member(user: u64, roles: &[u64]) -> Member {
        let roles: Vec<String> = roles.iter().map(ToString::to_string).collect();
        serde_json::from_value(json!({
            "user": {"id": user.to_string(), "username": "somebody"}, "roles": roles,
        }))
        .unwrap()
    }

    #[test]
    fn overwrites_count_in_discords_order() {
        let roles = [role(1, VIEW_CHANNEL | SEND_MESSAGES, 0), role(5, 0, 1), role(6, 0, 2)];
        let guild = guild();
        let rights = Rights { guild: &guild, roles: &roles };
        let overwrite = |id: u64, kind: u8, allow: u64, deny: u64| {
            json!({"id": id.to_string(), "type": kind,
                   "allow": allow.to_string(), "deny": deny.to_string()})
        };
        let channel = channel(json!([
            overwrite(1, 0, 0, VIEW_CHANNEL),
            overwrite(5, 0, VIEW_CHANNEL, 0),
            overwrite(6, 0, 0, VIEW_CHANNEL | SEND_MESSAGES),
            overwrite(7, 1, SEND_MESSAGES, VIEW_CHANNEL),
        ]));
        let may = |user, held: &[u64]| rights.in_channel(&channel, &member(user, held));
        assert_eq!(rights.of_everyone(&channel), SEND_MESSAGES);
        assert_eq!(may(8, &[]), SEND_MESSAGES);
        assert_eq!(may(8, &[5]), VIEW_CHANNEL | SEND_MESSAGES);
        // Among roles, allowing wins over denying.
        assert_eq!(may(8, &[5, 6]), VIEW_CHANNEL);
        assert_eq!(may(7, &[5, 6]), SEND_MESSAGES);
        assert_eq!(may(9, &[6]), u64::MAX);
    }

    #[test]
    fn administrators_and_higher_role_managers_can_grant() {
        let mut bot = role(7, ADMINISTRATOR, 9);
        bot.managed = true;
        let roles = [
            role(1, 0, 0),
            role(2, 0, 3),
            role(3, MANAGE_ROLES, 2),
            role(4, MANAGE_ROLES, 4),
            role(5, ADMINISTRATOR, 1),
            bot,
        ];
        let guild = guild();
        let rights = Rights { guild: &guild, roles: &roles };
        let ids: Vec<i64> = rights.can_grant(&roles[1]).iter().map(|role| role.id.get()).collect();
        assert_eq!(ids, [4, 5]);
    }
}
