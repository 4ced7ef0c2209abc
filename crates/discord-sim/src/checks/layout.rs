//! Limits of messages with the flag IS_COMPONENTS_V2: which components may contain which, and how many.

use std::collections::HashSet;

use serde_json::Value;

use crate::{
    components::{
        ACTION_ROW, BUTTON, CONTAINER, FILE, MEDIA_GALLERY, SECTION, SEPARATOR, TEXT_DISPLAY,
        THUMBNAIL, kind, text_displays, walk,
    },
    refusal::Complaints,
};

use super::components::{REQUIRED, check_button, check_row, unique_id};

/// Components of one message, those inside of others counted too.
const COMPONENTS: usize = 40;
/// Characters of all text displays of one message together.
const TEXT: usize = 4000;

/// What a message itself, and a container, may contain.
const IN_MESSAGE: [u64; 7] =
    [ACTION_ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR, CONTAINER];
const IN_CONTAINER: [u64; 6] = [ACTION_ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR];

/// Checks the components of a message. `files` are the names of its attachments.
pub(crate) fn check(components: &Value, path: &str, files: &[&str], wrong: &mut Complaints) {
    let Some(list) = components.as_array() else { return };
    if walk(components).len() > COMPONENTS {
        let message = "The total number of components in a message can't exceed 40";
        wrong.add(path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message);
    }
    let text: usize = text_displays(components).iter().map(|text| text.chars().count()).sum();
    if text > TEXT {
        let message = "Components displayable text size exceeds maximum size of 4000";
        wrong.add(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message);
    }
    let mut layout = Layout { files, wrong, ids: HashSet::new(), custom_ids: HashSet::new() };
    for (at, component) in list.iter().enumerate() {
        layout.component(component, &format!("{path}.{at}"), &IN_MESSAGE);
    }
}

/// Checks the content of one text display, in a message or a modal.
pub(super) fn check_text(display: &Value, path: &str, wrong: &mut Complaints) {
    let content = display["content"].as_str().unwrap_or_default();
    let length = if content.trim().is_empty() { "" } else { content };
    wrong.length(&format!("{path}.content"), length, 1, TEXT);
}

struct Layout<'a> {
    files: &'a [&'a str],
    wrong: &'a mut Complaints,
    /// The numbers that the bot gave itself.
    ids: HashSet<u64>,
    custom_ids: HashSet<String>,
}

impl Layout<'_> {
    fn component(&mut self, component: &Value, path: &str, allowed: &[u64]) {
        let kind = kind(component);
        if !allowed.contains(&kind) {
            return self.misplaced(path, allowed);
        }
        self.number(component, path);
        match kind {
            ACTION_ROW => self.row(component, path),
            SECTION => self.section(component, path),
            TEXT_DISPLAY => check_text(component, path, self.wrong),
            MEDIA_GALLERY => self.gallery(component, path),
            FILE => self.file(component, path),
            SEPARATOR => self.separator(component, path),
            _ => self.container(component, path),
        }
    }

    fn misplaced(&mut self, path: &str, allowed: &[u64]) {
        let allowed = allowed.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("Value of field \"type\" must be one of ({allowed}).");
        self.wrong.add(path, "UNION_TYPE_CHOICES", &message);
    }

    /// Refuses a number that another component has. The documentation asks for unique ones and
    /// doesn't name the code.
    fn number(&mut self, component: &Value, path: &str) {
        let id = component["id"].as_u64().unwrap_or_default();
        if id != 0 && !self.ids.insert(id) {
            let message = "Component id cannot be duplicated";
            self.wrong.add(&format!("{path}.id"), "COMPONENT_ID_DUPLICATED", message);
        }
    }

    fn row(&mut self, row: &Value, path: &str) {
        check_row(row, path, &mut self.custom_ids, self.wrong);
        for (at, inside) in list(row, "components").iter().enumerate() {
            self.number(inside, &format!("{path}.components.{at}"));
        }
    }

    fn section(&mut self, section: &Value, path: &str) {
        let texts = list(section, "components");
        self.wrong.count(&format!("{path}.components"), texts.len(), 1, 3);
        for (at, text) in texts.iter().enumerate() {
            self.component(text, &format!("{path}.components.{at}"), &[TEXT_DISPLAY]);
        }
        let (accessory, path) = (&section["accessory"], format!("{path}.accessory"));
        self.number(accessory, &path);
        match kind(accessory) {
            BUTTON => {
                check_button(accessory, &path, self.wrong);
                unique_id(accessory, &path, &mut self.custom_ids, self.wrong);
            }
            THUMBNAIL => self.media(accessory, &path),
            _ if accessory.is_null() => self.wrong.add(&path, REQUIRED.0, REQUIRED.1),
            _ => self.misplaced(&path, &[BUTTON, THUMBNAIL]),
        }
    }

    fn container(&mut self, container: &Value, path: &str) {
        let inside = list(container, "components");
        self.wrong.count(&format!("{path}.components"), inside.len(), 1, COMPONENTS);
        for (at, component) in inside.iter().enumerate() {
            self.component(component, &format!("{path}.components.{at}"), &IN_CONTAINER);
        }
        let colour = container["accent_color"].as_u64().unwrap_or_default();
        if colour > 0xFF_FFFF {
            let message = "int value should be less than or equal to 16777215.";
            self.wrong.add(&format!("{path}.accent_color"), "NUMBER_TYPE_MAX", message);
        }
    }

    fn separator(&mut self, separator: &Value, path: &str) {
        let spacing = &separator["spacing"];
        if !spacing.is_null() && !matches!(spacing.as_u64(), Some(1 | 2)) {
            let message = "Value must be one of {1, 2}.";
            self.wrong.add(&format!("{path}.spacing"), "BASE_TYPE_CHOICES", message);
        }
    }

    fn gallery(&mut self, gallery: &Value, path: &str) {
        let items = list(gallery, "items");
        self.wrong.count(&format!("{path}.items"), items.len(), 1, 10);
        for (at, item) in items.iter().enumerate() {
            self.media(item, &format!("{path}.items.{at}"));
        }
    }

    /// A picture: a thumbnail, or an item of a gallery.
    fn media(&mut self, item: &Value, path: &str) {
        let description = item["description"].as_str().unwrap_or_default();
        self.wrong.length(&format!("{path}.description"), description, 0, 1024);
        self.address(&item["media"], &format!("{path}.media"), &["http", "https", "attachment"]);
    }

    fn file(&mut self, file: &Value, path: &str) {
        self.address(&file["file"], &format!("{path}.file"), &["attachment"]);
    }

    fn address(&mut self, item: &Value, path: &str, schemes: &[&str]) {
        let path = format!("{path}.url");
        let url = item["url"].as_str().unwrap_or_default();
        self.wrong.length(&path, url, 1, 2048);
        let (scheme, rest) = url.split_once("://").unwrap_or_default();
        if !url.is_empty() && !schemes.contains(&scheme) {
            let schemes = schemes.iter().map(|scheme| format!("'{scheme}'"));
            let schemes = schemes.collect::<Vec<_>>().join(", ");
            let message = format!("Scheme must be one of ({schemes}).");
            self.wrong.add(&path, "URL_TYPE_INVALID_SCHEME", &message);
        } else if scheme == "attachment" && !self.files.contains(&rest) {
            let message = format!("The referenced attachment {rest} was not found");
            let code = "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND";
            self.wrong.add(&path, code, &message);
        }
    }
}

fn list<'a>(component: &'a Value, key: &str) -> &'a [Value] {
    component[key].as_array().map(Vec::as_slice).unwrap_or_default()
}
