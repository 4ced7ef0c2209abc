// The mailbox: all emails, to any address.

import { clock, el } from "/dom.js";
import { get } from "/server.js";

/** The list of mails, newest first, and the one that is open; `opened` hears of one that was read. */
export function mailbox(mails, open, locale, opened, go) {
  if (!mails.length) {
    return el("div", { class: "empty" }, el("div", { class: "empty-sign" }, "✉"),
      el("p", {}, "No mail yet. The developers of a token are told by email."));
  }
  const list = el("div", { class: "mail-list" }, [...mails].reverse().map((mail) => el("button", {
    class: ["mail-item", mail.unread && mail.id !== open && "unread", mail.id === open && "here"].filter(Boolean).join(" "),
    type: "button", on: { click: () => go(mail.id) },
  },
  el("span", { class: "mail-subject" }, mail.subject || "(no subject)"),
  el("span", { class: "mail-who" }, `to ${mail.to.join(", ")}`),
  mail.date && el("span", { class: "mail-when" }, shownDate(mail.date, locale)))));
  const shown = el("div", { class: "mail" });
  if (open) show(open, shown, locale).then(opened);
  else shown.append(el("p", { class: "muted" }, "Choose a mail to read it."));
  return el("div", { class: "mails" }, list, shown);
}

function shownDate(text, locale) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : clock(date, locale);
}

async function show(id, shown, locale) {
  const address = `/mails/${encodeURIComponent(id)}`;
  let mail;
  try {
    mail = await get(address);
  } catch (error) {
    shown.replaceChildren(el("p", { class: "muted" }, error.message));
    return;
  }
  const head = (name, value) => value && el("div", { class: "mail-head" },
    el("span", { class: "muted" }, `${name}: `), value);
  const headers = mail.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  shown.replaceChildren(
    el("h2", {}, mail.subject || "(no subject)"),
    head("From", mail.from),
    head("To", mail.to.join(", ")),
    mail.date ? head("Date", shownDate(mail.date, locale)) : "",
    el("details", {}, el("summary", {}, "All headers"), el("pre", {}, headers)),
    el("h3", {}, "Text part"),
    el("pre", { class: "mail-text" }, mail.text ?? "(none)"),
    el("h3", {}, "HTML part"),
    // The frame has no rights: no scripts, no forms, no navigation.
    mail.html ? el("iframe", { class: "mail-html", sandbox: "", src: `/api${address}/html`,
      title: "The HTML part" }) : el("p", { class: "muted" }, "(none)"));
}
