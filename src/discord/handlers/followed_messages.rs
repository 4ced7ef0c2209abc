//! Private messages whose answer is to be edited later, and whether the person went on from there meanwhile.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::ids::{InteractionId, MessageId};

/// For each message that is followed, the press whose answer it shows.
#[derive(Debug, Default)]
pub(super) struct FollowedMessages(Mutex<HashMap<MessageId, InteractionId>>);

impl FollowedMessages {
    /// From now it is noticed if something else is pressed there.
    pub(super) fn follow(&self, message: MessageId, press: InteractionId) {
        self.change(|all| all.insert(message, press));
    }

    /// Something was pressed there: it shows, or will show, something else.
    pub(super) fn note_press(&self, message: MessageId) {
        self.change(|all| all.remove(&message));
    }

    /// Ends it; whether the message still shows the answer to this press.
    pub(super) fn finish(&self, message: MessageId, press: InteractionId) -> bool {
        self.change(|all| {
            let is_same = all.get(&message) == Some(&press);
            if is_same {
                all.remove(&message);
            }
            is_same
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut HashMap<MessageId, InteractionId>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_followed_until_something_else_is_pressed_there() {
        let followed = FollowedMessages::default();
        let message = MessageId::new(1).unwrap();
        let [first, second] = [2, 3].map(|id| InteractionId::new(id).unwrap());
        followed.follow(message, first);
        assert!(followed.finish(message, first));
        assert!(!followed.finish(message, first), "it has ended");
        followed.follow(message, first);
        followed.note_press(message);
        assert!(!followed.finish(message, first));
        followed.follow(message, first);
        followed.follow(message, second);
        assert!(!followed.finish(message, first));
        assert!(followed.finish(message, second));
    }
}
