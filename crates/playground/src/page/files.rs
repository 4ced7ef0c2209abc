//! The page's own files. They are part of the program, so that it runs without them.

use std::sync::Arc;

use axum::{Router, http::header::CONTENT_TYPE, routing::get};

use super::PageState;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PICTURE: &str = "image/svg+xml";

macro_rules! file {
    ($path:literal, $kind:expr, $name:literal) => {
        ($path, $kind, include_str!(concat!("../../page/", $name)))
    };
}

const FILES: [(&str, &str, &str); 20] = [
    file!("/", HTML, "index.html"),
    file!("/icon.svg", PICTURE, "icon.svg"),
    file!("/eye.svg", PICTURE, "eye.svg"),
    file!("/frame.css", CSS, "frame.css"),
    file!("/chat.css", CSS, "chat.css"),
    file!("/layout.css", CSS, "layout.css"),
    file!("/forms.css", CSS, "forms.css"),
    file!("/main.js", SCRIPT, "main.js"),
    file!("/dom.js", SCRIPT, "dom.js"),
    file!("/server.js", SCRIPT, "server.js"),
    file!("/markdown.js", SCRIPT, "markdown.js"),
    file!("/messages.js", SCRIPT, "messages.js"),
    file!("/layout.js", SCRIPT, "layout.js"),
    file!("/components.js", SCRIPT, "components.js"),
    file!("/groups.js", SCRIPT, "groups.js"),
    file!("/modal.js", SCRIPT, "modal.js"),
    file!("/composer.js", SCRIPT, "composer.js"),
    file!("/commands.js", SCRIPT, "commands.js"),
    file!("/sides.js", SCRIPT, "sides.js"),
    file!("/mailbox.js", SCRIPT, "mailbox.js"),
];

/// A route for each file.
pub(super) fn routes() -> Router<Arc<PageState>> {
    FILES.into_iter().fold(Router::new(), |router, (path, kind, content)| {
        router.route(path, get(move || async move { ([(CONTENT_TYPE, kind)], content) }))
    })
}
