//! How a message is cut to Discord's limits, and turned into Discord's components.

use serde_json::{Value, json};

use super::text::{join_within, shorten, units};
use super::{CreateActionRow, EMPTY_TEXT, File, List, Message, Part, limit};

/// Discord's numbers of the components that serenity doesn't know yet.
const TEXT_DISPLAY: u8 = 10;
const SEPARATOR: u8 = 14;
const CONTAINER: u8 = 17;

impl Message {
    /// Cuts everything to Discord's limits, and says whether anything was lost that people read or press.
    ///
    /// Where there are too many parts, lines across it go first, then what stands last. Texts are there
    /// whole, and lists share what room is left, in equal parts where that is not enough.
    pub fn fit(&mut self) -> bool {
        let lost = self.fit_components();
        lost | self.fit_texts()
    }

    fn fit_components(&mut self) -> bool {
        let most = limit::COMPONENTS - usize::from(self.file.is_some());
        let mut lost = false;
        while count_components(&self.parts) > most {
            match self.parts.iter().rposition(|part| *part == Part::Separator) {
                Some(at) => drop(self.parts.remove(at)),
                None => lost |= self.parts.pop().is_some(),
            }
        }
        lost
    }

    fn fit_texts(&mut self) -> bool {
        let mut lost = false;
        let texts = self.parts.iter().filter(|part| part.is_text()).count();
        // Each may have a line end behind it.
        let mut left = limit::TEXT.saturating_sub(texts);
        for part in &mut self.parts {
            if let Part::Text(text) = part {
                lost |= shorten(text, left);
                left -= units(text);
            }
        }
        let mut needs: usize = self.parts.iter().map(Part::count_list).sum();
        let mut lists = self.parts.iter().filter(|part| part.count_list() > 0).count();
        for part in &mut self.parts {
            let Part::List(list) = part else { continue };
            let need = count_list(list);
            if need == 0 {
                continue;
            }
            needs -= need;
            let room = (left / lists).max(left.saturating_sub(needs)).min(left);
            lists -= 1;
            lost |= need > room;
            let mut shown = join_within(&list.pieces, &list.separator, room, list.language);
            shorten(&mut shown, room);
            left -= units(&shown);
            *part = Part::Text(shown);
        }
        lost
    }
}

impl Part {
    fn is_text(&self) -> bool {
        matches!(self, Self::Text(_) | Self::List(_))
    }

    fn count_list(&self) -> usize {
        match self {
            Self::List(list) => count_list(list),
            Self::Text(_) | Self::Separator | Self::Row(_) => 0,
        }
    }
}

fn count_list(list: &List) -> usize {
    let between = units(&list.separator) * list.pieces.len().saturating_sub(1);
    list.pieces.iter().map(|piece| units(piece)).sum::<usize>() + between
}

/// The components that the parts become at most: neighbouring texts are one.
fn count_components(parts: &[Part]) -> usize {
    let texts = parts.chunk_by(|one, other| one.is_text() && other.is_text());
    let inside: usize = texts
        .map(|alike| match &alike[0] {
            Part::Text(_) | Part::List(_) | Part::Separator => 1,
            Part::Row(CreateActionRow::Buttons(buttons)) => 1 + buttons.len(),
            Part::Row(_) => 2,
        })
        .sum();
    // The frame around them.
    inside + 1
}

/// The components of a message that fits. What is more than a text stands in a frame.
pub(super) fn build_components(message: &Message) -> Value {
    let mut components = Vec::new();
    for alike in message.parts.chunk_by(|one, other| one.is_text() && other.is_text()) {
        match &alike[0] {
            Part::Text(_) | Part::List(_) => {
                let texts: Vec<String> = alike.iter().filter_map(Part::prose).collect();
                if !texts.is_empty() {
                    components.push(build_text(&texts.join("\n")));
                }
            }
            Part::Separator => components.push(json!({"type": SEPARATOR})),
            Part::Row(row) => components.push(json!(row)),
        }
    }
    if components.is_empty() {
        components.push(build_text(EMPTY_TEXT));
    }
    components.extend(message.file.as_ref().map(File::build_component));
    let is_plain = components.len() == 1 && message.colour.is_none();
    if is_plain && components[0]["type"] == TEXT_DISPLAY {
        return json!(components);
    }
    let mut frame = json!({"type": CONTAINER, "components": components});
    if let (Value::Object(frame), Some(colour)) = (&mut frame, message.colour) {
        frame.insert("accent_color".into(), colour.into());
    }
    json!([frame])
}

fn build_text(content: &str) -> Value {
    json!({"type": TEXT_DISPLAY, "content": content})
}
