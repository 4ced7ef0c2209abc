// The parts beside the messages: the people, their channels, and the moderator's panel.

import { avatar, el } from "/dom.js";

/** The red number of what notified somebody. What is merely unread has none. */
const badge = ({ pings }) => pings > 0
  && el("span", { class: "badge", "aria-hidden": "true" }, String(Math.min(pings, 99)));

/** The same in words, behind a name. */
function said({ unread, pings }) {
  if (pings > 0) return `, ${pings} ${pings === 1 ? "notification" : "notifications"}`;
  return unread > 0 ? ", unread" : "";
}

/** The people to switch between, each with what is new for them. */
export function rail(people, current, go) {
  return people.map((person) => {
    const here = person.name === current;
    const title = `${person.display_name}: ${person.about}`;
    const classes = ["someone", here && "here", person.unread > 0 && "unread"];
    return el("button", {
      class: classes.filter(Boolean).join(" "), type: "button", title,
      "aria-label": title + said(person), "aria-pressed": String(here), on: { click: () => go(person.name) },
    },
    avatar(person),
    badge(person),
    el("span", { class: "someone-name" }, person.display_name));
  });
}

/** The channels of one person, the mailbox, and who one is. */
export function side(view, person, place, go) {
  const item = (key, sign, name, news = { unread: 0, pings: 0 }) => el("button", {
    class: ["place", key === place && "here", news.unread > 0 && "unread"].filter(Boolean).join(" "),
    type: "button", on: { click: () => go(person.name, key) },
    "aria-label": name + said(news), "aria-current": key === place ? "page" : null,
  },
  el("span", { class: "sign", "aria-hidden": "true" }, sign),
  el("span", { class: "place-name" }, name),
  badge(news));
  const direct = view.channels.find((channel) => channel.direct);
  const mails = view.mails.filter((mail) => mail.unread).length;
  const head = (text) => el("div", { class: "side-head" }, text);
  return [
    el("div", { class: "guild" }, view.guild),
    el("div", { class: "places" },
      head("Channels"),
      view.channels.filter((channel) => !channel.direct)
        .map((channel) => item(channel.name, "#", channel.name, channel)),
      head("Direct messages"),
      item("messages", "✓", "Countersign", direct),
      head("Outside of Discord"),
      item("mailbox", "✉", "Mailbox", { unread: mails, pings: mails }),
      item("moderator", "⚙", "Moderator")),
    el("div", { class: "me" }, avatar(person),
      el("div", { class: "me-text" },
        el("div", { class: "me-name" }, person.display_name),
        el("div", { class: "me-about" },
          `${person.admin ? "token-admin" : "member"} · ${person.locale}`))),
  ];
}

const MESSAGES = [
  ["open", "reach them"],
  ["closed", "are closed (error 50278)"],
  ["blocked", "are blocked (error 50007)"],
];
const LOCALES = [["en-US", "English"], ["ja", "日本語"], ["de", "Deutsch (the bot has no texts)"]];

/** What a moderator, or people in their own settings, can change. */
export function moderatorPanel(people, change) {
  const choice = (person, key, label, values) => {
    const select = el("select", {}, values.map(([value, shown]) => el("option", { value }, shown)));
    select.value = person[key];
    select.addEventListener("change", () => change(person.name, { [key]: select.value }));
    return el("label", {}, `${label} `, select);
  };
  const card = (person) => {
    const admin = el("input", { type: "checkbox" });
    admin.checked = person.admin;
    admin.addEventListener("change", () => change(person.name, { admin: admin.checked }));
    const restart = el("button", { class: "button secondary", type: "button" }, "Restart the client");
    restart.addEventListener("click", () => change(person.name, { restart: true }));
    return el("div", { class: "moderated" },
      el("div", { class: "moderated-head" }, avatar(person),
        el("div", {}, el("strong", {}, person.display_name),
          el("div", { class: "muted" }, person.about))),
      el("label", {}, admin, " has the role token-admins"),
      choice(person, "direct_messages", "Direct messages", MESSAGES),
      choice(person, "locale", "Language", LOCALES),
      el("div", { class: "restart" }, restart,
        el("span", { class: "muted" }, " forgets the private messages")));
  };
  return el("div", { class: "moderator" },
    el("p", {}, "Change these while something is under way, to see what the bot does about it."),
    el("div", { class: "moderated-all" }, people.map(card)));
}
