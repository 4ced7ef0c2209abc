//! Whose hands there are: those that count, and those that were struck, with the reason.

use crate::discord::message::{Field, limit, units};
use crate::domain::policy;
use crate::domain::request::{Hand, Request, StruckBecause};
use crate::locale::{Language, text};

use super::super::marks::{mention, relative};
use super::listing::{self, Fitted};

/// What a hand takes at most: its mark, a mention, a moment, and a reason.
const LINE: usize = 90;
/// The field's name and its first line, and a last one for those that don't stand there.
const FRAME: usize = 120;
/// How many struck hands there is room for beside those that it takes.
const STRUCK: usize = 3;

/// What a card keeps free for them, whatever happens to them: what else stands there must not change
/// with each hand.
pub fn room(request: &Request) -> usize {
    let lines = usize::from(request.hands_required) + STRUCK;
    (FRAME + LINE * lines).min(limit::EMBED_VALUE)
}

/// The field.
pub fn field(request: &Request, hands: &[Hand], language: Language) -> Field {
    let name = text!(language, "card-field-hands");
    let value_room = room(request) - units(&name);
    let Fitted { pieces, .. } =
        listing::fit(&lines(request, hands, language), value_room, |more| {
            text!(language, "card-hands-more", count = more)
        });
    Field::new(name, pieces.join("\n"))
}

/// The people whose hands count.
pub fn counting<'a>(request: &Request, hands: &'a [Hand]) -> impl Iterator<Item = &'a Hand> {
    let people = policy::people_whose_hands_count(request, hands);
    let digest = request.digest;
    hands.iter().filter(move |hand| {
        hand.struck.is_none() && hand.digest == digest && people.contains(&hand.person)
    })
}

/// "1 of 2 hands".
pub fn tally(request: &Request, hands: &[Hand], language: Language) -> String {
    let tally = policy::tally(request, hands);
    text!(language, "card-hands", have = tally.have, need = tally.need)
}

fn lines(request: &Request, hands: &[Hand], language: Language) -> Vec<String> {
    let mut lines = vec![tally(request, hands, language)];
    for hand in counting(request, hands) {
        let (person, when) = (mention(hand.person), relative(hand.put_at));
        lines.push(text!(language, "card-hand", person = person, when = when));
    }
    // The latest first: the oldest are the ones to leave out.
    for hand in hands.iter().rev() {
        let person = mention(hand.person);
        match hand.struck {
            Some(StruckBecause::NotAdmin) => {
                lines.push(text!(language, "card-hand-not-admin", person = person));
            }
            Some(StruckBecause::ContentChanged) => {
                lines.push(text!(language, "card-hand-content-changed", person = person));
            }
            None => {}
        }
    }
    lines
}
