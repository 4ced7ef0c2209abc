//! From raw JSON to an [`Interaction`].

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde_json::Value;

use super::fields::{Object, id, texts};
use super::{
    Command, Component, ContextType, FieldValue, Interaction, InteractionKind, InteractionUser,
    MessageRef, OptionValue, ParseError, ResolvedUser, Source, Submission,
};
use crate::domain::ids::UserId;

/// Kinds of command options, as Discord numbers them.
mod option_kind {
    pub const SUBCOMMAND: u64 = 1;
    pub const SUBCOMMAND_GROUP: u64 = 2;
    pub const TEXT: u64 = 3;
    pub const INTEGER: u64 = 4;
    pub const BOOLEAN: u64 = 5;
    pub const USER: u64 = 6;
    pub const NUMBER: u64 = 10;
}

/// Kinds of components in a submitted modal.
mod component_kind {
    pub const ACTION_ROW: u64 = 1;
    pub const TEXT_INPUT: u64 = 4;
    pub const LABEL: u64 = 18;
}

/// How deep options and components may nest before they are refused; Discord nests three deep.
const DEPTH: usize = 4;

impl Interaction {
    /// Reads what Discord sent: the event's `d`, or the body of a signed POST.
    pub fn parse(raw: &Value) -> Result<Self, ParseError> {
        let object = Object::new(raw, "interaction")?;
        let kind = parse_kind(object)?;
        let member = object.optional_object("member")?;
        let guild_id = object.optional_id("guild_id")?;
        let user = match member {
            Some(member) => member.object("user")?,
            None => object.object("user")?,
        };
        let roles = match member {
            None => None,
            Some(member) => Some(
                member
                    .list("roles")?
                    .iter()
                    .map(|role| id(role, "roles"))
                    .collect::<Result<_, _>>()?,
            ),
        };
        Ok(Self {
            id: object.id("id")?,
            application_id: object.id("application_id")?,
            token: SecretString::from(object.text("token")?),
            guild_id,
            channel_id: object.optional_id("channel_id")?,
            user: parse_user(user, member)?,
            roles,
            locale: object.optional_text("locale").unwrap_or("en-US").to_owned(),
            context: parse_context_type(object, guild_id.is_some()),
            kind,
        })
    }
}

fn parse_context_type(object: Object<'_>, in_guild: bool) -> ContextType {
    match object.get("context").and_then(Value::as_u64) {
        Some(0) => ContextType::Guild,
        Some(1) => ContextType::BotDm,
        // Absent from messages of before the field existed.
        None if in_guild => ContextType::Guild,
        _ => ContextType::Elsewhere,
    }
}

fn parse_user(user: Object<'_>, member: Option<Object<'_>>) -> Result<InteractionUser, ParseError> {
    let username = user.text("username")?.to_owned();
    Ok(InteractionUser {
        id: user.id("id")?,
        display_name: replace_nul(display_name(user, member).unwrap_or(&username)),
        username,
        bot: user.flag("bot"),
    })
}

/// Postgres holds no U+0000 in text. What people typed keeps a sign of it.
fn replace_nul(text: &str) -> String {
    text.replace('\0', "\u{2400}")
}

fn display_name<'a>(user: Object<'a>, member: Option<Object<'a>>) -> Option<&'a str> {
    member
        .and_then(|member| member.optional_text("nick"))
        .or_else(|| user.optional_text("global_name"))
}

fn parse_kind(object: Object<'_>) -> Result<InteractionKind, ParseError> {
    match object.number("type")? {
        1 => Err(ParseError::Ping),
        2 => Ok(InteractionKind::Command(parse_command(object.object("data")?)?.0)),
        4 => {
            let (command, focused) = parse_command(object.object("data")?)?;
            let focused = focused.ok_or(ParseError::Field("focused"))?;
            Ok(InteractionKind::Autocomplete { command, focused })
        }
        3 => Ok(InteractionKind::Component(parse_component(object)?)),
        5 => Ok(InteractionKind::Modal(parse_submission(object)?)),
        _ => Err(ParseError::UnknownKind),
    }
}

type Focused = Option<(String, String)>;

fn parse_command(data: Object<'_>) -> Result<(Command, Focused), ParseError> {
    let mut command = Command {
        path: vec![data.text("name")?.to_owned()],
        id: data.optional_id("id")?,
        options: BTreeMap::new(),
        users: parse_users(data)?,
    };
    let mut focused = None;
    parse_options(data, &mut command, &mut focused, DEPTH)?;
    Ok((command, focused))
}

fn parse_options(
    parent: Object<'_>,
    command: &mut Command,
    focused: &mut Focused,
    depth: usize,
) -> Result<(), ParseError> {
    let depth = depth.checked_sub(1).ok_or(ParseError::Field("options"))?;
    for option in parent.list("options")? {
        let option = Object::new(option, "options")?;
        let name = option.text("name")?.to_owned();
        match option.number("type")? {
            option_kind::SUBCOMMAND | option_kind::SUBCOMMAND_GROUP => {
                command.path.push(name);
                parse_options(option, command, focused, depth)?;
            }
            // What is still being typed arrives as text, whatever the option's type.
            _ if option.flag("focused") => {
                *focused =
                    Some((name, option.optional_text("value").unwrap_or_default().to_owned()));
            }
            kind => {
                command.options.insert(name, parse_option(kind, option)?);
            }
        }
    }
    Ok(())
}

fn parse_option(kind: u64, option: Object<'_>) -> Result<OptionValue, ParseError> {
    let value = option.require("value")?;
    let value = match kind {
        option_kind::TEXT => value.as_str().map(|text| OptionValue::Text(text.to_owned())),
        option_kind::INTEGER => value.as_i64().map(OptionValue::Integer),
        option_kind::NUMBER => value.as_f64().map(OptionValue::Number),
        option_kind::BOOLEAN => value.as_bool().map(OptionValue::Boolean),
        option_kind::USER => Some(OptionValue::User(id(value, "value")?)),
        _ => Some(OptionValue::Other),
    };
    value.ok_or(ParseError::Field("value"))
}

fn parse_component(object: Object<'_>) -> Result<Component, ParseError> {
    let data = object.object("data")?;
    Ok(Component {
        custom_id: data.text("custom_id")?.to_owned(),
        values: texts(data.list("values")?, "values")?,
        message: parse_source(object)?.ok_or(ParseError::Field("message"))?,
    })
}

fn parse_source(object: Object<'_>) -> Result<Option<Source>, ParseError> {
    let Some(message) = object.optional_object("message")? else { return Ok(None) };
    // Ephemeral messages may come without a channel of their own.
    let channel_id = match message.optional_id("channel_id")? {
        Some(id) => id,
        None => object.id("channel_id")?,
    };
    let flags = message.get("flags").and_then(Value::as_u64).unwrap_or(0);
    Ok(Some(Source {
        message: MessageRef { channel_id, id: message.id("id")? },
        ephemeral: flags & (1 << 6) != 0,
    }))
}

fn parse_submission(object: Object<'_>) -> Result<Submission, ParseError> {
    let data = object.object("data")?;
    let mut fields = BTreeMap::new();
    for component in data.list("components")? {
        parse_field(component, &mut fields, DEPTH)?;
    }
    Ok(Submission {
        custom_id: data.text("custom_id")?.to_owned(),
        fields,
        users: parse_users(data)?,
        message: parse_source(object)?,
    })
}

fn parse_field(
    component: &Value,
    fields: &mut BTreeMap<String, FieldValue>,
    depth: usize,
) -> Result<(), ParseError> {
    let depth = depth.checked_sub(1).ok_or(ParseError::Field("components"))?;
    let component = Object::new(component, "components")?;
    let kind = component.number("type")?;
    match kind {
        component_kind::LABEL => parse_field(component.require("component")?, fields, depth)?,
        component_kind::ACTION_ROW => {
            for inner in component.list("components")? {
                parse_field(inner, fields, depth)?;
            }
        }
        component_kind::TEXT_INPUT => {
            let text = match component.get("value") {
                None => "",
                Some(value) => value.as_str().ok_or(ParseError::Field("value"))?,
            };
            let name = component.text("custom_id")?.to_owned();
            fields.insert(name, FieldValue::Text(replace_nul(text)));
        }
        // Every kind of select says what was chosen in `values`; a kind without a custom id holds
        // nothing that could have been entered.
        _ => {
            if let Some(name) = component.optional_text("custom_id") {
                let values = texts(component.list("values")?, "values")?;
                fields.insert(name.to_owned(), FieldValue::Values(values));
            }
        }
    }
    Ok(())
}

fn parse_users(data: Object<'_>) -> Result<BTreeMap<UserId, ResolvedUser>, ParseError> {
    let mut users = BTreeMap::new();
    let Some(resolved) = data.optional_object("resolved")? else { return Ok(users) };
    let Some(listed) = resolved.optional_object("users")? else { return Ok(users) };
    let members = resolved.optional_object("members")?;
    for (key, user) in listed.entries() {
        let key: UserId = key.parse().map_err(|_| ParseError::Field("users"))?;
        let user = Object::new(user, "users")?;
        let member = match members.and_then(|members| members.get(&key.to_string())) {
            Some(member) => Some(Object::new(member, "members")?),
            None => None,
        };
        let name = display_name(user, member).or_else(|| user.optional_text("username"));
        users.insert(
            key,
            ResolvedUser {
                display_name: replace_nul(name.unwrap_or_default()),
                bot: user.flag("bot"),
                member: member.is_some(),
            },
        );
    }
    Ok(users)
}
