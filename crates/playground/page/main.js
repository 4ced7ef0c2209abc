// The client: the current person and channel, and the requests for them. The page shows
// the server's view of the person; the address after # names person and channel.

import { add, el, fill } from "/dom.js";
import { follow, get, post } from "/server.js";
import { renewTimes } from "/markdown.js";
import { messageList } from "/messages.js";
import { modalElement } from "/modal.js";
import { CHOSEN, composer } from "/composer.js";
import { flatten } from "/commands.js";
import { moderatorPanel, rail, side } from "/sides.js";
import { mailbox } from "/mailbox.js";

const part = (id) => document.getElementById(id);
const OTHERS = ["mailbox", "moderator"];
/** How near the end one counts as reading along, in pixels. */
const NEAR = 80;

const state = {
  name: "rin",
  place: "general",
  mail: null,
  view: null,
  /** Channels by person, to ask for the right one at once. */
  channels: {},
  /** The open modal of each person. */
  modals: {},
  /** Counts changes of names, on which messages depend. */
  named: 0,
  names: "",
  shownPlace: "",
};

function readAddress() {
  const [name, place, mail] = location.hash.slice(1).split("/").map(decodeURIComponent);
  state.name = name || "rin";
  state.place = place || "general";
  state.mail = mail || null;
}

function go(name, place = null, mail = null) {
  const kept = place || state.place;
  location.hash = [name, kept, mail].filter(Boolean).map(encodeURIComponent).join("/");
}

const api = (what) => `/people/${encodeURIComponent(state.name)}/${what}`;

function channelOf(channels = [], place = state.place) {
  return channels.find((channel) => (place === "messages" ? channel.direct : channel.name === place));
}

async function fetchView() {
  const known = channelOf(state.channels[state.name]);
  const look = (channel) => get(api(channel ? `view?channel=${channel.id}` : "view"));
  let view = await look(known);
  const channel = channelOf(view.channels);
  if (channel && channel.id !== known?.id) view = await look(channel);
  return view;
}

let running = false;
let again = false;

/** Looks again; calls that come meanwhile are one more look together. */
async function refresh() {
  again = true;
  if (running) return;
  running = true;
  while (again) {
    again = false;
    const { name, place } = state;
    try {
      const view = await fetchView();
      if (name !== state.name || place !== state.place) {
        again = true;
        continue;
      }
      state.view = view;
      state.channels[name] = view.channels;
      renderUnlessPressed();
      await markRead();
    } catch (error) {
      if (name !== "rin" && !state.view) go("rin", "general");
      else notice(error.message);
    }
  }
  running = false;
}

async function markRead() {
  const channel = channelOf(state.view.channels);
  const messages = state.view.messages;
  if (!channel || !messages?.length || document.hidden) return;
  const revision = Math.max(...messages.map((message) => message.revision));
  if (!channel.unread) return;
  const { new: something } = await post(api("read"), { channel: channel.id, revision });
  if (something) again = true;
}

/** Does something as the person; false where it came to nothing, which is then shown. */
async function act(what) {
  const { name } = state;
  const who = state.view.people.find((person) => person.name === name).display_name;
  try {
    const answer = await what();
    if (answer.outcome === "silence") {
      notice(`${who}: ${answer.says}`);
      return false;
    }
    if (answer.outcome === "modal") openModal(name, answer);
    return true;
  } catch (error) {
    notice(`${who}: ${error.message}`);
    return false;
  }
}

function openModal(name, { id, modal }) {
  const context = { names: state.view.names, person: personHere() };
  const address = `/people/${encodeURIComponent(name)}/modals`;
  const before = document.activeElement;
  const close = () => {
    state.modals[name]?.remove();
    delete state.modals[name];
    showModals();
    if (before?.isConnected) before.focus();
  };
  const submit = async (entries) => {
    const answer = await post(address, { modal: id, entries });
    if (answer.outcome === "silence") throw new Error("Something went wrong. Try again.");
    close();
  };
  close();
  state.modals[name] = modalElement(modal, context, submit, close);
  part("modals").append(state.modals[name]);
  showModals();
  if (name === state.name) state.modals[name].querySelector("input, textarea")?.focus();
}

/** Shows the person's own modal; while it is there, the keyboard reaches nothing behind it. */
function showModals() {
  for (const [name, element] of Object.entries(state.modals)) element.hidden = name !== state.name;
  for (const id of ["content", "composer"]) part(id).inert = Boolean(state.modals[state.name]);
}

function notice(text) {
  const shown = el("div", { class: "notice" }, text);
  shown.addEventListener("click", () => shown.remove());
  part("notices").append(shown);
  setTimeout(() => shown.remove(), 9000);
}

const personHere = () => state.view.people.find((person) => person.name === state.name);

function actions(channel) {
  const name = state.name;
  const to = (what, body) => post(`/people/${encodeURIComponent(name)}/${what}`, body);
  return {
    write: (text) => act(() => to("messages", { channel: channel.id, text })),
    command: (path, options) => act(() => to("commands", { channel: channel.id, path, options })),
    proposals: async (path, options, option) => {
      const typed = options.some(([name]) => name === option) ? options : [...options, [option, ""]];
      const body = { channel: channel.id, path, options: typed, option };
      return (await to("proposals", body)).choices;
    },
    use: (message, custom_id, values) =>
      act(() => to("components", { message, custom_id, values })),
    dismiss: (message) => act(() => to("dismissals", { message })),
  };
}

/** The longest that a press holds up what is new: the release of some is never told, such as that of a select. */
const LONGEST_PRESS = 3000;
let pressedAt = -Infinity;
let isLate = false;

/** Shows what is new, but not between a press and its release: an element that is replaced then gets no click. */
function renderUnlessPressed() {
  isLate = performance.now() - pressedAt < LONGEST_PRESS;
  if (!isLate) render();
}

const renderLate = () => isLate && renderUnlessPressed();
addEventListener("pointerdown", () => {
  pressedAt = performance.now();
  setTimeout(renderLate, LONGEST_PRESS);
}, true);
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => {
    pressedAt = -Infinity;
    // After the click.
    setTimeout(renderLate);
  }, true);
}

function render() {
  const { view, name, place } = state;
  const person = personHere();
  // Texts depend on both: the names of people, and those of commands.
  const names = JSON.stringify([view.names, view.commands]);
  if (names !== state.names) {
    state.names = names;
    state.named += 1;
  }
  document.documentElement.lang = person.locale;
  fill(part("hint"), "hint", hint);
  fill(part("rail"), [view.people, name], () => rail(view.people, name, (to) => go(to)));
  fill(part("side"), [view.channels, view.mails, person, place],
    () => side(view, person, place, (to, where) => go(to, where)));
  showModals();
  const moved = state.shownPlace !== `${name}/${place}`;
  state.shownPlace = `${name}/${place}`;
  const pings = view.people.reduce((sum, person) => sum + person.pings, 0);
  document.title = pings ? `(${pings}) Countersign playground` : "Countersign playground";
  if (OTHERS.includes(place)) renderOther(person);
  else renderChannel(person, moved);
}

function hint() {
  return ["As Rin type ", el("strong", {}, "/token request"),
    " in #general; then approve as two of Aki, Ben and Chiyo in #approvals, and read Rin’s direct messages."];
}

function renderOther(person) {
  const { view, place, mail } = state;
  const title = place === "mailbox" ? ["✉", "Mailbox", "all mails, whoever they are for"]
    : ["⚙", "Moderator", "roles, direct messages and languages of the people"];
  fill(part("title"), title, () => titleParts(title));
  fill(part("composer"), "none", () => []);
  if (place === "mailbox") {
    const ids = view.mails.map(({ id }) => id);
    fill(part("content"), ["mailbox", ids, mail, person.locale], () =>
      mailbox(view.mails, mail, person.locale, refresh,
        (id) => go(state.name, "mailbox", id)));
  } else {
    fill(part("content"), ["moderator", view.people.map(({ unread, pings, ...rest }) => rest)], () =>
      moderatorPanel(view.people, (name, changes) =>
        act(() => post(`/moderator/${encodeURIComponent(name)}`, changes))));
  }
}

const titleParts = ([sign, name, about]) => [el("span", { class: "sign" }, sign),
  el("h1", {}, name), el("span", { class: "topic" }, about)];

function renderChannel(person, moved) {
  const { view, place } = state;
  const channel = channelOf(view.channels);
  const content = part("content");
  const direct = place === "messages";
  if (!channel && !direct && place !== "general") {
    // As in a client when a person loses access to a channel.
    location.replace(`#${encodeURIComponent(person.name)}/general`);
    return;
  }
  if (!channel && !direct) {
    fill(part("title"), place, () => titleParts(["#", place, ""]));
    fill(part("composer"), "none", () => []);
    fill(content, ["hidden", person.name, place], () => el("div", { class: "empty" },
      el("p", {}, `${person.display_name} doesn’t see #${place}.`)));
    return;
  }
  const about = direct ? "between you and the bot" : place === "approvals" ? "admins only"
    : "everyone is here";
  const title = direct ? ["✓", "Countersign", about] : ["#", place, about];
  fill(part("title"), title, () => titleParts(title));
  const does = channel ? actions(channel) : {};
  const commandOf = direct || !channel ? () => null : commandFinder(view.commands, person.locale);
  const context = { person, names: view.names, named: state.named, commandOf, ...does };
  const atEnd = content.scrollHeight - content.scrollTop - content.clientHeight < NEAR;
  const list = messageList(view.messages || [], context);
  content.shownKey = null;
  const wanted = [beginning(direct, place), ...list];
  // Unchanged elements stay in place, with their open lists.
  const same = wanted.length === content.children.length
    && list.every((node, index) => content.children[index + 1] === node);
  if (!same || moved) replaceKept(content, wanted);
  if (moved || atEnd) content.scrollTop = content.scrollHeight;
  const label = direct ? "@Countersign" : `#${place}`;
  fill(part("composer"), [person.name, person.locale, place, channel?.id, view.commands], () =>
    composer({ commands: view.commands, locale: person.locale, users: view.names.users,
      place: label, direct }, does));
}

/** How a command that a message names is shown, and what a press on it does. */
function commandFinder(commands, locale) {
  const known = flatten(commands, locale);
  return (id, path) => {
    const found = known.find((command) => command.id === id && command.path.join(" ") === path);
    if (!found) return null;
    const press = () => {
      const detail = { id, path };
      part("composer").firstElementChild?.dispatchEvent(new CustomEvent(CHOSEN, { detail }));
    };
    return { shown: found.shown, press };
  };
}

function replaceKept(content, wanted) {
  const focused = document.activeElement;
  for (const child of [...content.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((node, index) => {
    if (content.children[index] !== node) content.insertBefore(node, content.children[index] || null);
  });
  if (focused && content.contains(focused)) focused.focus();
}

function beginning(direct, place) {
  const name = direct ? "your direct messages with Countersign" : `#${place}`;
  return el("div", { class: "beginning" }, `This is the beginning of ${name}.`);
}

/** A broken connection shows when it lasts. */
let lost = null;
function connected(yes) {
  clearTimeout(lost);
  document.body.classList.remove("lost");
  if (!yes) lost = setTimeout(() => document.body.classList.add("lost"), 1500);
}

readAddress();
addEventListener("hashchange", () => { readAddress(); refresh(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
setInterval(renewTimes, 20000);
follow(refresh, connected);
add(part("content"), [el("div", { class: "empty" }, el("p", {}, "Connecting …"))]);
