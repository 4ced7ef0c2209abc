//! Files that come with a message: which of them it will have, and how the service shows them.

use std::collections::BTreeMap;

use axum::body::Bytes;
use serde_json::{Value, json};

use super::{
    components::{CONTAINER, FILE, MEDIA_GALLERY, SECTION, SEPARATOR, kind},
    snowflakes::Id,
    state::State,
};

/// A file that came with a call.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub name: String,
    pub content_type: Option<String>,
    pub bytes: Bytes,
}

/// The files of a call by their number: `files[0]` is 0.
pub(crate) type Uploads = BTreeMap<u64, Upload>;

/// What a bot sends as a message: the JSON, and the files beside it.
#[derive(Clone, Copy)]
pub(crate) struct Sent<'a> {
    pub body: &'a Value,
    pub files: &'a Uploads,
}

/// An attachment that the message is to have.
pub(crate) enum Planned<'a> {
    /// One that it has already.
    Stays(&'a Value),
    /// One that came with this call, under this name.
    New { upload: &'a Upload, name: String, description: &'a Value },
    /// Nothing has the id that was named.
    Unknown,
}

impl Planned<'_> {
    /// The name by which components refer to it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Stays(attachment) => attachment["filename"].as_str().unwrap_or_default(),
            Self::New { name, .. } => name,
            Self::Unknown => "",
        }
    }
}

/// The attachments that a message is to have, given those that it has. Where the body lists some, all
/// others go; where it doesn't, they stay, and what came beside it is added.
pub(crate) fn plan<'a>(sent: Sent<'a>, before: &'a Value) -> Vec<Planned<'a>> {
    let before = before.as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(listed) = sent.body["attachments"].as_array() else {
        let new = sent.files.values().map(|upload| Planned::New {
            upload,
            name: safe_name(&upload.name),
            description: &Value::Null,
        });
        return before.iter().map(Planned::Stays).chain(new).collect();
    };
    let planned = listed.iter().map(|entry| {
        let id = entry["id"].as_str().map_or_else(|| entry["id"].to_string(), str::to_owned);
        if let Some(known) = before.iter().find(|known| known["id"] == id.as_str()) {
            return Planned::Stays(known);
        }
        let number = id.parse::<u64>().ok();
        let Some(upload) = number.and_then(|number| sent.files.get(&number)) else {
            return Planned::Unknown;
        };
        let name = entry["filename"].as_str().unwrap_or(&upload.name);
        Planned::New { upload, name: safe_name(name), description: &entry["description"] }
    });
    planned.collect()
}

/// A name as the service keeps it.
fn safe_name(name: &str) -> String {
    let safe = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
    name.chars().map(|letter| if safe(letter) { letter } else { '_' }).collect()
}

impl State {
    /// The attachment objects that a message gets, and the content of those that are new.
    pub(crate) fn attach(
        &mut self,
        channel: Id,
        planned: Vec<Planned>,
    ) -> (Value, BTreeMap<Id, Bytes>) {
        let mut files = BTreeMap::new();
        let mut objects = Vec::new();
        for planned in planned {
            match planned {
                Planned::Stays(attachment) => objects.push(attachment.clone()),
                Planned::New { upload, name, description } => {
                    let id = self.snowflakes.next();
                    objects.push(attachment(channel, id, &name, upload, description));
                    files.insert(id, upload.bytes.clone());
                }
                Planned::Unknown => {}
            }
        }
        (json!(objects), files)
    }

    /// States what the service adds to a component: its defaults, and where its files are.
    pub(crate) fn complete(&mut self, component: &mut Value, attachments: &Value) {
        match kind(component) {
            CONTAINER => {
                component["accent_color"] = component["accent_color"].clone();
                component["spoiler"] = json!(component["spoiler"] == true);
                for inside in component["components"].as_array_mut().into_iter().flatten() {
                    self.complete(inside, attachments);
                }
            }
            SEPARATOR => {
                component["spacing"] = json!(component["spacing"].as_u64().unwrap_or(1));
                component["divider"] = json!(component["divider"] != false);
            }
            SECTION => self.picture(&mut component["accessory"], attachments),
            MEDIA_GALLERY => {
                for item in component["items"].as_array_mut().into_iter().flatten() {
                    self.picture(item, attachments);
                }
            }
            FILE => {
                let file = self.media(&component["file"], attachments);
                let mut known = attachments.as_array().into_iter().flatten();
                let known = known.find(|known| known["id"] == file["attachment_id"]);
                let part = |key: &str| known.map_or(Value::Null, |known| known[key].clone());
                component["name"] = part("filename");
                component["size"] = part("size");
                component["spoiler"] = json!(component["spoiler"] == true);
                component["file"] = file;
            }
            _ => {}
        }
    }

    /// A thumbnail, or an item of a gallery; other accessories stay as they are.
    fn picture(&mut self, item: &mut Value, attachments: &Value) {
        if item["media"].is_object() {
            item["media"] = self.media(&item["media"], attachments);
            item["description"] = item["description"].clone();
            item["spoiler"] = json!(item["spoiler"] == true);
        }
    }

    fn media(&mut self, media: &Value, attachments: &Value) -> Value {
        let url = media["url"].as_str().unwrap_or_default();
        let mut attachments = attachments.as_array().into_iter().flatten();
        let named = url.strip_prefix("attachment://");
        let attachment = attachments.find(|known| named.is_some_and(|n| known["filename"] == n));
        let mut shown = json!({
            "id": self.snowflakes.next().to_string(),
            "url": attachment.map_or(json!(url), |known| known["url"].clone()),
            "proxy_url": attachment.map_or(json!(url), |known| known["proxy_url"].clone()),
            "width": null,
            "height": null,
            "content_type": attachment.map_or(Value::Null, |known| known["content_type"].clone()),
        });
        if let Some(attachment) = attachment {
            shown["attachment_id"] = attachment["id"].clone();
        }
        shown
    }
}

fn attachment(channel: Id, id: Id, name: &str, upload: &Upload, description: &Value) -> Value {
    let path = format!("attachments/{channel}/{id}/{name}");
    let mut attachment = json!({
        "id": id.to_string(),
        "filename": name,
        "size": upload.bytes.len(),
        "url": format!("https://cdn.discordapp.com/{path}"),
        "proxy_url": format!("https://media.discordapp.net/{path}"),
        "content_type": upload.content_type.as_deref().unwrap_or("application/octet-stream"),
    });
    if description.is_string() {
        attachment["description"] = description.clone();
    }
    attachment
}
