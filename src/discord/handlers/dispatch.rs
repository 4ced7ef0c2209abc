//! From an interaction to its handler, along the tables of [`commands`] and [`custom_id`].
//!
//! Only names are read here. Nothing that an interaction claims is believed or checked.
//!
//! [`custom_id`]: crate::discord::custom_id

use std::pin::Pin;

use super::{Context, Handlers};
use crate::discord::commands::{self, OptionKind, for_each_command};
use crate::discord::custom_id::{CustomId, for_each_custom_id};
use crate::discord::interaction::{Command, Component, InteractionKind, Submission};
use crate::discord::reply::Reply;
use crate::discord::rest::RestError;
use crate::discord::routing::{Control, Deferral, Location, Route};
use crate::domain::ids::RequestId;
use crate::workflow::Outcome;
use crate::workflow::refusal::Refusal;

/// What no table has a row for.
const UNKNOWN: Route =
    Route { name: "unknown", location: Location::Guild, deferral: Deferral::NewMessage };

/// An option of a command that is being typed.
const AUTOCOMPLETE: Route =
    Route { name: "propose", location: Location::Guild, deferral: Deferral::Never };

/// What an interaction is meant for.
pub(super) enum Target<'a> {
    Command(&'static commands::CommandRow, &'a Command),
    /// The option's kind, and its text so far.
    Autocomplete(Option<OptionKind>, &'a str),
    Component(CustomId, &'a [String]),
    Modal(CustomId, &'a Submission),
    Unknown,
}

impl<'a> Target<'a> {
    pub(super) fn find(kind: &'a InteractionKind) -> Self {
        match kind {
            InteractionKind::Command(command) => match commands::find(&command.path) {
                Some(row) => Self::Command(row, command),
                None => Self::Unknown,
            },
            InteractionKind::Autocomplete { command, focused: (name, typed) } => {
                let options = commands::find(&command.path).map_or(&[][..], |row| row.options);
                let option = options.iter().find(|option| option.name == name);
                Self::Autocomplete(option.map(|option| option.kind), typed)
            }
            InteractionKind::Component(Component { custom_id, values, .. }) => {
                match custom_id.parse() {
                    Ok(id) if !is_modal(&id) => Self::Component(id, values),
                    _ => Self::Unknown,
                }
            }
            InteractionKind::Modal(submission) => match submission.custom_id.parse() {
                Ok(id) if is_modal(&id) => Self::Modal(id, submission),
                _ => Self::Unknown,
            },
        }
    }

    pub(super) fn route(&self) -> Route {
        match self {
            Self::Command(row, _) => row.route,
            Self::Autocomplete(..) => AUTOCOMPLETE,
            Self::Component(id, _) | Self::Modal(id, _) => id.row().route,
            Self::Unknown => UNKNOWN,
        }
    }

    /// The request that it claims to be about.
    pub(super) fn request(&self) -> Option<RequestId> {
        match self {
            Self::Component(id, _) | Self::Modal(id, _) => id.request(),
            Self::Command(..) | Self::Autocomplete(..) | Self::Unknown => None,
        }
    }
}

fn is_modal(id: &CustomId) -> bool {
    id.row().control == Control::Modal
}

/// What a handler does. It does nothing before it is awaited.
pub(super) enum HandlerFuture<'a> {
    /// It gives the reply, which is sent for it.
    Reply(Pin<Box<dyn Future<Output = Outcome<Reply>> + Send + 'a>>),
    /// It sends its answer itself.
    Answer(Pin<Box<dyn Future<Output = Result<(), RestError>> + Send + 'a>>),
}

impl HandlerFuture<'_> {
    pub(super) fn refuse(refusal: Refusal) -> Self {
        Self::Reply(Box::pin(async { Err(refusal.into()) }))
    }
}

impl Handlers {
    pub(super) fn dispatch<'a>(
        &'a self,
        context: &'a Context<'a>,
        target: Target<'a>,
    ) -> HandlerFuture<'a> {
        match target {
            Target::Command(row, command) => call_command(self, context, row.name, command),
            Target::Autocomplete(kind, typed) => HandlerFuture::Reply(Box::pin(async move {
                Ok(Reply::Choices(self.propose_values(context, kind, typed).await?))
            })),
            Target::Component(id, values) => call(self, context, id, Input::Component(values)),
            Target::Modal(id, submission) => call(self, context, id, Input::Modal(submission)),
            Target::Unknown => HandlerFuture::refuse(Refusal::NotUnderstood),
        }
    }
}

macro_rules! define_call_command {
    ($(
        $name:literal [$($option:ident),*] $location:ident $deferral:ident $handler:ident,
        $name_ja:literal, $description:literal, $description_ja:literal;
    )+) => {
        fn call_command<'a>(
            handlers: &'a Handlers,
            context: &'a Context<'a>,
            name: &str,
            command: &'a Command,
        ) -> HandlerFuture<'a> {
            match name {
                $($name => HandlerFuture::Reply(Box::pin(handlers.$handler(context, command))),)+
                _ => HandlerFuture::refuse(Refusal::NotUnderstood),
            }
        }
    };
}
for_each_command!(define_call_command);

/// What a control gives beside its custom id.
enum Input<'a> {
    /// What is chosen now; empty for a button.
    Component(&'a [String]),
    Modal(&'a Submission),
}

macro_rules! define_call {
    ($(
        $pattern:literal $variant:ident $(($($argument:ident: $type:ty),+))?
        $control:ident $location:ident $deferral:ident $handler:ident $($answers_itself:ident)? $name:literal;
    )+) => {
        fn call<'a>(
            handlers: &'a Handlers,
            context: &'a Context<'a>,
            id: CustomId,
            input: Input<'a>,
        ) -> HandlerFuture<'a> {
            match (id, input) {
                $((CustomId::$variant $(($($argument),+))?, input!($control input)) => {
                    work!($($answers_itself)? handlers $handler (context $($(, $argument)+)?) $control input)
                })+
                _ => HandlerFuture::refuse(Refusal::NotUnderstood),
            }
        }
    };
}

/// The pattern of a control's input.
macro_rules! input {
    (Button $input:ident) => {
        Input::Component(_)
    };
    (Select $input:ident) => {
        Input::Component($input)
    };
    (Modal $input:ident) => {
        Input::Modal($input)
    };
}

/// Calls a handler; that of a button without an input.
macro_rules! work {
    (answers_itself $handlers:ident $handler:ident ($($argument:ident),+) Button $input:ident) => {
        HandlerFuture::Answer(Box::pin($handlers.$handler($($argument),+)))
    };
    ($handlers:ident $handler:ident ($($argument:ident),+) Button $input:ident) => {
        HandlerFuture::Reply(Box::pin($handlers.$handler($($argument),+)))
    };
    ($handlers:ident $handler:ident ($($argument:ident),+) $control:ident $input:ident) => {
        HandlerFuture::Reply(Box::pin($handlers.$handler($($argument),+, $input)))
    };
}

for_each_custom_id!(define_call);
