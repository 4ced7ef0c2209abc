//! The table of all buttons, selects and modals: their custom ids, and what happens when they are used.
//!
//! To add one, add a row, and write its handler in `handlers/`. A custom id is untrusted input: any user
//! can send any of them. It says what was pressed, never who may press it, so nothing here may check
//! permissions; the workflow that the handler calls does.

mod encoding;
mod place;

use super::routing::{Control, Deferral, Location, Route};
use crate::domain::catalogue::{CategoryId, ProviderId};
use crate::domain::content::Digest;
use crate::domain::ids::{
    AnnouncementId, DeliveryId, DepartureId, DraftId, EventId, ReportId, RequestId, TokenId,
};
use crate::domain::request_kind::RequestKind;
use crate::workflow::token::list::ListQuery;
use encoding::{Argument, Fields, define_custom_ids};
pub use place::{FromList, Place, Placed};

/// Gives the rows of the table to a macro. A row is
///
/// `"id" Variant(arguments) Control Location Deferral handler "log name";`
///
/// - `"id"`: what Discord stores in messages. Messages live for years, so an id never changes its meaning.
/// - `Variant(arguments)`: the variant of [`CustomId`] that views use. Each argument is named in the id.
///   A `digest` is that of the content that was shown, so that an approval can't cover anything else.
/// - `Control`, `Location`, `Deferral`: see [`super::routing`].
/// - `handler`: a method of [`Handlers`](super::handlers::Handlers) that takes the context, the
///   arguments, and what the control gives. It returns a reply; `answers_itself` marks those that
///   send their own.
/// - `"log name"`: see [`Route::name`].
macro_rules! for_each_custom_id {
    ($macro:ident) => {
        $macro! {
            // Drafts: the form and the panel of a request that is not submitted yet.
            "new:{provider}"                    NewRequest(provider: ProviderId)                        Button Guild Never      begin_request_from_panel               "new_request";
            "new-form:{provider}"               NewForm(provider: ProviderId)                           Modal  Guild Update submit_new_form                        "new_form";
            "details-form:{draft}"              DetailsForm(draft: DraftId)                             Modal  Guild Update     submit_details                         "details_form";
            "correct:{draft}"                   Correct(draft: DraftId)                                 Button Guild Never      open_details_form                      "edit_details";
            "edit-details:{draft}"              EditDetails(draft: DraftId)                             Button Guild Never      open_details_form                      "edit_details";
            "category:{draft}"                  Category(draft: DraftId)                                Select Guild Update     choose_category                        "panel";
            "category-page:{draft}:{page}"      CategoryPage(draft: DraftId, page: u16)                 Button Guild Update     show_category_page                     "panel";
            "scopes:{draft}:{category}:{page}"  Scopes(draft: DraftId, category: CategoryId, page: u16) Select Guild Update     choose_scopes                          "panel";
            "scope-page:{draft}:{page}"         ScopePage(draft: DraftId, page: u16)                    Button Guild Update     show_scope_page                        "panel";
            "whole-category:{draft}:{category}" WholeCategory(draft: DraftId, category: CategoryId)     Button Guild Update     choose_whole_category                  "panel";
            "clear-all:{draft}"                 ClearAll(draft: DraftId)                                Button Guild Update     clear_scopes                           "panel";
            "expires:{draft}"                   Expires(draft: DraftId)                                 Select Guild Update     choose_lifetime                        "panel";
            "overlap:{draft}"                   Overlap(draft: DraftId)                                 Select Guild Update     choose_overlap                         "panel";
            "cancel:{draft}"                    Cancel(draft: DraftId)                                  Button Guild Update     cancel_draft                           "panel";
            "start-over:{draft}"                StartOver(draft: DraftId)                               Button Guild Never      restart_draft                          "start_over";
            "create:{draft}:{digest}"           Create(draft: DraftId, digest: Digest)                  Button Guild Update     submit_draft answers_itself            "create";
            // The button as it is while the draft can't be submitted.
            "create:{draft}"                    CreateIncomplete(draft: DraftId)                        Button Guild Update     submit_incomplete_draft answers_itself "create";

            // Requests: the card in the approval channel.
            "approve:{request}:{digest}"     Approve(request: Placed<RequestId>, digest: Digest)     Button Guild Update approve_request answers_itself "approve";
            "deny:{request}"                 Deny(request: Placed<RequestId>)                        Button Guild Never      open_deny_form            "open_deny";
            "deny-form:{request}"            DenyForm(request: Placed<RequestId>)                    Modal  Guild Update deny_request              "deny";
            "all-scopes:{request}"           AllScopes(request: RequestId)                   Button Guild NewMessage show_request_scopes answers_itself "all_scopes";
            "edit:{request}"                 EditRequest(request: Placed<RequestId>)                 Button Guild Update edit_request              "edit";
            "withdraw:{request}"             Withdraw(request: Placed<RequestId>)                    Button Guild Update withdraw_request          "withdraw";
            "fulfil:{request}:{digest}"      Fulfil(request: Placed<RequestId>, digest: Digest)      Button Guild Never      open_fulfil_form          "open_fulfil";
            "fulfil-form:{request}:{digest}" FulfilForm(request: Placed<RequestId>, digest: Digest)  Modal  Guild Update fulfil_request            "fulfil";
            "try-again:{request}:{failure}"  TryAgain(request: Placed<RequestId>, failure: EventId)  Button Guild Update retry_request answers_itself "try_again";
            "done:{request}:{digest}"        Done(request: Placed<RequestId>, digest: Digest)        Button Guild Update complete_manual_task      "done";
            "request-audit:{about}:{before}" RequestAudit(about: RequestId, before: EventId) Button Guild Update     show_older_events         "audit";
            "request-evidence:{about}:{before}" RequestEvidence(about: RequestId, before: EventId) Button Guild Update     show_evidence             "audit";
            "request-export:{about}"         ExportRequest(about: RequestId)                 Button Guild NewMessage export_history            "export";

            // Tokens: their panel, and lists of them.
            "token:{token}"                ShowToken(token: FromList<TokenId>)                      Button Guild Update     show_token_again        "show_token";
            "change:{token}:{kind}"        ChangeToken(token: TokenId, kind: FromList<RequestKind>) Button Guild Update     begin_token_change      "change_token";
            "token-scopes:{token}"         TokenScopes(token: TokenId)                    Button Guild NewMessage show_token_scopes       "token_scopes";
            "token-audit:{token}:{before}" TokenAudit(token: TokenId, before: EventId)    Button Guild Update     show_older_events       "audit";
            "token-evidence:{token}:{before}" TokenEvidence(token: TokenId, before: EventId) Button Guild Update  show_evidence           "audit";
            "token-export:{token}"         ExportToken(token: TokenId)                    Button Guild NewMessage export_history          "export";
            "disable:{token}"              DisableToken(token: FromList<TokenId>)                   Button Guild Update     ask_to_disable_token    "ask_to_disable";
            "disable-now:{token}"          DisableTokenNow(token: FromList<TokenId>)                Button Guild Update     disable_token           "disable_token";
            "delete:{token}"               DeleteToken(token: FromList<TokenId>)                    Button Guild Never      open_delete_form        "open_delete";
            "delete-form:{token}"          DeleteForm(token: FromList<TokenId>)                     Modal  Guild Update     delete_token            "delete_token";
            "open-token"                   OpenToken                                      Select Guild Update     open_chosen_token       "open_token";
            "open:{wanted}"                OpenListedToken(wanted: ListQuery)             Select Guild Update     open_listed_token       "open_token";
            "list:{wanted}"                List(wanted: ListQuery)                           Button Guild Update     show_list_page          "list";
            "pending:{page}"               Pending(page: u16)                             Button Guild Update     show_pending_page       "pending";

            // Secrets: delivered to their owner, or found by somebody.
            "reveal:{delivery}"     Reveal(delivery: DeliveryId)    Button GuildOrDm NewMessage reveal_secret answers_itself "reveal";
            "stored:{delivery}"     Stored(delivery: DeliveryId)    Button GuildOrDm Update     hide_stored_secret           "stored";
            "not-me:{delivery}"     NotMe(delivery: Placed<DeliveryId>)     Button GuildOrDm Update disown_delivery              "not_me";
            "leak-form"             LeakForm                        Modal  Guild     NewMessage report_leak                  "leak";
            "leak-disable:{report}" DisableLeaked(report: ReportId) Button Guild     Update     disable_leaked_token         "disable_leaked";

            // Members who left the guild: who becomes the contact of their tokens.
            "take-over:{departure}"             TakeOver(departure: DepartureId)                Button Guild NewMessage take_over_tokens        "take_over";
            "take-over-page:{departure}:{page}" TakeOverPage(departure: DepartureId, page: u16) Button Guild Update     show_take_over_page     "take_over";
            "take-over-tokens:{departure}"      TakeOverTokens(departure: DepartureId)          Select Guild Update     take_over_chosen_tokens "take_over_tokens";

            // Announcements: the panel of `/token announce`.
            "announce:{announcement}:tokens:{page}" AnnounceTokens(announcement: AnnouncementId, page: u32)    Select Guild Update choose_announcement_tokens "announce";
            "announce:{announcement}:page:{page}"   AnnouncePage(announcement: AnnouncementId, page: u32)      Button Guild Update show_announcement_page     "announce";
            "announce:{announcement}:all"           AnnounceToAll(announcement: AnnouncementId)                Button Guild Update announce_to_all_tokens     "announce";
            "announce:{announcement}:choose"        AnnounceToChosen(announcement: AnnouncementId)             Button Guild Update announce_to_chosen_tokens  "announce";
            "announce:{announcement}:write"         AnnounceWrite(announcement: AnnouncementId)                Button Guild Never  open_announcement_form     "announce";
            "announce:{announcement}:form"          AnnounceForm(announcement: AnnouncementId)                 Modal  Guild Update submit_announcement_form   "announcement";
            "announce:{announcement}:send:{digest}" AnnounceSend(announcement: AnnouncementId, digest: Digest) Button Guild Update send_announcement          "announce";
            "announce:{announcement}:cancel"        AnnounceCancel(announcement: AnnouncementId)               Button Guild Update cancel_announcement        "announce";
        }
    };
}
pub(in crate::discord) use for_each_custom_id;

for_each_custom_id!(define_custom_ids);

impl CustomId {
    /// The argument `request`, for logs.
    #[must_use]
    pub fn request(&self) -> Option<RequestId> {
        let id = self.to_string();
        let fields = Fields::find(self.row().pattern, &id)?;
        fields.decode::<Placed<RequestId>>("request").map(|request| request.what)
    }
}

/// A row of the table, as far as it is data.
#[derive(Debug, Clone, Copy)]
pub struct ControlRow {
    /// The custom id, with the names of its arguments in braces.
    pub pattern: &'static str,
    /// What has this custom id.
    pub control: Control,
    /// Where it works, and how it is deferred.
    pub route: Route,
    /// The method of [`Handlers`](super::handlers::Handlers).
    pub handler: &'static str,
}

/// A custom id that no row of the table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a button or form that this version does not know")]
pub struct UnknownCustomId;

#[cfg(test)]
mod tests;
