//! Permissions, computed as in the documentation: everyone's role, the member's roles, then the
//! channel's overwrites for everyone, for roles, for the member.

use super::{
    refusal::{self, Refusal},
    snowflakes::Id,
    state::{Channel, Overwritten, Place, State},
};

/// Everything, in every channel.
pub const ADMINISTRATOR: u64 = 1 << 3;
/// See a channel.
pub const VIEW_CHANNEL: u64 = 1 << 10;
/// Post in a channel.
pub const SEND_MESSAGES: u64 = 1 << 11;
/// Delete what others posted.
pub const MANAGE_MESSAGES: u64 = 1 << 13;
/// Post embeds.
pub const EMBED_LINKS: u64 = 1 << 14;
/// Post files.
pub const ATTACH_FILES: u64 = 1 << 15;
/// Read what was posted before.
pub const READ_MESSAGE_HISTORY: u64 = 1 << 16;
/// Mention everyone, and all roles.
pub const MENTION_EVERYONE: u64 = 1 << 17;
/// Use application commands.
pub const USE_APPLICATION_COMMANDS: u64 = 1 << 31;

/// What everyone may do in an ordinary guild.
pub const EVERYONE: u64 =
    VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | READ_MESSAGE_HISTORY | USE_APPLICATION_COMMANDS;
/// What a bot may do in a direct channel.
const IN_DIRECT: u64 = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | READ_MESSAGE_HISTORY;
const ALL: u64 = (1 << 53) - 1;

impl State {
    /// A member's permissions in the whole guild; none for others.
    pub(crate) fn permissions(&self, person: Id) -> u64 {
        let Some(member) = self.members.get(&person) else { return 0 };
        if person == self.guild.owner {
            return ALL;
        }
        let held = |id: Id| id == self.guild.id || member.roles.contains(&id);
        let roles = self.guild.roles.iter().filter(|role| held(role.id));
        let bits = roles.fold(0, |bits, role| bits | role.permissions);
        if bits & ADMINISTRATOR != 0 { ALL } else { bits }
    }

    /// What a member may do in a channel.
    pub(crate) fn permissions_in(&self, person: Id, channel: &Channel) -> u64 {
        if let Place::Direct(other) = channel.place {
            let inside = person == other || person == self.application.id;
            return if inside { IN_DIRECT } else { 0 };
        }
        let base = self.permissions(person);
        let Some(member) = self.members.get(&person) else { return 0 };
        if base == ALL {
            return ALL;
        }
        let everyone = channel.overwrites.iter().filter(|o| self.is_everyone(o.target));
        let mut bits = everyone.fold(base, |bits, o| (bits & !o.deny) | o.allow);
        let (mut allow, mut deny) = (0, 0);
        for overwrite in &channel.overwrites {
            let theirs = |id: Id| !self.is_everyone(overwrite.target) && member.roles.contains(&id);
            if matches!(overwrite.target, Overwritten::Role(id) if theirs(id)) {
                allow |= overwrite.allow;
                deny |= overwrite.deny;
            }
        }
        bits = (bits & !deny) | allow;
        let own = channel.overwrites.iter().filter(|o| o.target == Overwritten::Member(person));
        own.fold(bits, |bits, o| (bits & !o.deny) | o.allow)
    }

    fn is_everyone(&self, target: Overwritten) -> bool {
        target == Overwritten::Role(self.guild.id)
    }

    /// Refuses the bot what it may not do: 50001 where it can't see the channel, else 50013.
    pub(crate) fn bot_needs(&self, channel: &Channel, wanted: u64) -> Result<(), Refusal> {
        let held = self.permissions_in(self.application.id, channel);
        if held & VIEW_CHANNEL == 0 {
            return Err(refusal::MISSING_ACCESS);
        }
        if held & wanted != wanted {
            return Err(refusal::MISSING_PERMISSIONS);
        }
        Ok(())
    }
}
