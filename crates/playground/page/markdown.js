// Discord's markdown as elements. Each text between marks is appended as text, so that
// typed text stays text.

import { add, copy, el } from "/dom.js";

const at = (source, flags = "") => new RegExp(source, `y${flags}`);

const CODE_BLOCK = at("```(?:([a-z0-9_+\\-.#]+)\\n)?\\n*([^\\n][^]*?)\\n*```", "i");
const QUOTE_REST = at(">>> ([^]*)");
const QUOTE = at("> [^\\n]*(?:\\n> [^\\n]*)*");
const HEADING = at("(#{1,3}) +([^\\n]+)");
const SMALL = at("-# +([^\\n]+)");
const LIST = at(" *(?:[-*]|\\d{1,9}\\.) +[^\\n]*(?:\\n *(?:[-*]|\\d{1,9}\\.) +[^\\n]*)*");
const ITEM = /^( *)([-*]|\d{1,9}\.) +(.*)$/;

// By whole characters, since some are two units long.
const ESCAPE = at("\\\\([^0-9A-Za-z\\s])", "u");
const BARE_LINK = at("https?://[^\\s<]+[^<.,:;\"')\\]\\s|*_~]");
const ANGLE_LINK = at("<(https?://[^\\s<>]+)>");
const NAMED_LINK = at("\\[((?:\\\\.|[^\\[\\]\\\\])+)\\]\\(<?(https?://[^\\s<>()]+)>?\\)");
const CODE = at("(`+)([^]*?[^`])\\1(?!`)");
const MENTION = at("<(@!?|@&|#)(\\d{15,20})>");
const COMMAND = at("</([^:>\\n]{1,100}):(\\d{15,20})>");
const TIME = at("<t:(-?\\d{1,13})(?::([tTdDfFR]))?>");

// Marks that enclose more markdown: the longer ones first.
const ENCLOSED = [
  [at("\\|\\|([^]+?)\\|\\|"), spoiler],
  [at("\\*\\*((?:\\\\[^]|[^\\\\])+?)\\*\\*(?!\\*)"), () => el("strong")],
  [at("__((?:\\\\[^]|[^\\\\])+?)__(?!_)"), () => el("u")],
  [at("~~((?:\\\\[^]|[^\\\\])+?)~~"), () => el("s")],
  [at("\\b_((?:__|\\\\[^]|[^\\\\_])+?)_\\b"), () => el("em")],
  [at("\\*(?=\\S)((?:\\*\\*|\\\\[^]|\\s+(?:\\\\[^]|[^\\s*\\\\]|\\*\\*)|[^\\s*\\\\])+?)\\*(?!\\*)"),
    () => el("em")],
];

/** Deeper than this nobody writes; it only bounds the work. */
const DEEPEST = 12;

/**
 * A text with Discord's markdown. `names` is the view's part of that name; with `inline`, there are
 * no headings, quotes, lists or code blocks. `commandOf` takes a command's id and names, and tells
 * how it is shown and what a press does, or nothing where there is no such command here.
 */
export function markdown(text, { names, locale, inline = false, commandOf = () => null }) {
  const holder = el(inline ? "span" : "div", { class: "markdown" });
  parse(holder, text || "", { names, locale, inline, commandOf, quoted: false, depth: 0 });
  return holder;
}

function match(rule, text, place) {
  rule.lastIndex = place;
  return rule.exec(text);
}

function parse(parent, text, context) {
  const deep = context.depth > DEEPEST;
  let plain = "";
  let place = 0;
  while (place < text.length) {
    const lineStart = place === 0 || text[place - 1] === "\n";
    const found = deep ? null : (!context.inline && block(text, place, lineStart, context))
      || inside(text, place, context);
    if (!found) {
      const letter = String.fromCodePoint(text.codePointAt(place));
      plain += letter;
      place += letter.length;
      continue;
    }
    add(parent, [plain, found.node]);
    plain = "";
    place += found.length;
    // The break after a block is the block's own.
    if (found.block && text[place] === "\n") place += 1;
  }
  add(parent, [plain]);
}

function within(element, text, context, change = {}) {
  parse(element, text, { ...context, ...change, depth: context.depth + 1 });
  return element;
}

function block(text, place, lineStart, context) {
  let found = match(CODE_BLOCK, text, place);
  if (found) return { node: codeBlock(found[2]), length: found[0].length, block: true };
  if (!lineStart) return null;
  const made = (element, content, change) => ({
    node: within(element, content, context, change), length: found[0].length, block: true,
  });
  if (!context.quoted) {
    found = match(QUOTE_REST, text, place);
    if (found) return made(el("blockquote"), found[1], { quoted: true });
    found = match(QUOTE, text, place);
    if (found) return made(el("blockquote"), found[0].replace(/^> /gm, ""), { quoted: true });
  }
  found = match(HEADING, text, place);
  if (found) return made(el(`h${found[1].length + 2}`), found[2], { inline: true });
  found = match(SMALL, text, place);
  if (found) return made(el("small"), found[1], { inline: true });
  found = match(LIST, text, place);
  if (found) return { node: list(found[0], context), length: found[0].length, block: true };
  return null;
}

function list(text, context) {
  const top = el("div", { class: "lists" });
  const open = [];
  for (const line of text.split("\n")) {
    const [, indent, mark, content] = ITEM.exec(line);
    const level = Math.min(Math.floor(indent.length / 2), open.length);
    open.length = Math.min(open.length, level + 1);
    const name = /\d/.test(mark) ? "ol" : "ul";
    if (!open[level] || open[level].localName !== name) {
      const start = name === "ol" ? { start: parseInt(mark, 10) } : {};
      open[level] = el(name, start);
      (level === 0 ? top : open[level - 1].lastChild || open[level - 1]).append(open[level]);
    }
    open[level].append(within(el("li"), content, context, { inline: true }));
  }
  return top;
}

function codeBlock(content) {
  const button = el("button", { class: "copy", type: "button" }, "Copy");
  button.addEventListener("click", () => copy(content, button));
  return el("div", { class: "code-block" }, el("pre", {}, el("code", {}, content)), button);
}

function inside(text, place, context) {
  let found = match(ESCAPE, text, place);
  if (found) return { node: document.createTextNode(found[1]), length: found[0].length };
  const made = (node) => ({ node, length: found[0].length });
  switch (text[place]) {
    case "`":
      found = match(CODE, text, place);
      return found && made(el("code", { class: "inline" }, found[2].trim() || found[2]));
    case "h":
      found = match(BARE_LINK, text, place);
      return found && made(link(found[0], found[0]));
    case "[":
      found = match(NAMED_LINK, text, place);
      return found && made(within(link(found[2], ""), found[1], context, { inline: true }));
    case "<":
      return angle(text, place, context);
  }
  for (const [rule, element] of ENCLOSED) {
    found = match(rule, text, place);
    if (found) return made(within(element(), found[1], context));
  }
  return null;
}

function angle(text, place, { names, locale, commandOf }) {
  let found = match(MENTION, text, place);
  if (found) return { node: mention(found[1], found[2], names), length: found[0].length };
  found = match(TIME, text, place);
  if (found) return { node: time(found[1], found[2] || "f", locale), length: found[0].length };
  found = match(COMMAND, text, place);
  if (found) return { node: commandMention(found[1], commandOf(found[2], found[1])), length: found[0].length };
  found = match(ANGLE_LINK, text, place);
  return found && { node: link(found[1], found[1]), length: found[0].length };
}

function link(address, shown) {
  const properties = { href: address, target: "_blank", rel: "noopener noreferrer", title: address };
  return el("a", properties, shown);
}

function spoiler() {
  const hidden = el("span", { class: "spoiler", role: "button", tabindex: "0", title: "Spoiler" });
  const show = () => { hidden.classList.add("shown"); };
  hidden.addEventListener("click", show);
  hidden.addEventListener("keydown", (event) => { if (event.key === "Enter") show(); });
  return hidden;
}

function mention(kind, id, names) {
  let shown;
  if (kind === "#") {
    shown = names.channels[id] ? `#${names.channels[id]}` : "#No Access";
  } else if (kind === "@&") {
    shown = names.roles[id] ? `@${names.roles[id]}` : "@unknown-role";
  } else {
    const user = names.users.find((user) => user.id === id);
    shown = user ? `@${user.display_name}` : "@unknown-user";
  }
  return el("span", { class: "mention" }, shown);
}

/** A command that one presses to type it; plain where it can't be used here. */
function commandMention(path, known) {
  if (!known) return el("span", { class: "mention", title: "Not to be used here" }, `/${path}`);
  const { shown, press } = known;
  return el("button", {
    class: "mention command", type: "button", title: `Type ${shown}`, on: { click: press },
  }, shown);
}

const TIMES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

function time(seconds, style, locale) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return document.createTextNode("Invalid Date");
  const shown = style === "R" ? relative(date, locale) : date.toLocaleString(locale, TIMES[style]);
  const title = date.toLocaleString(locale, TIMES.F);
  const data = style === "R" ? { relative: seconds, locale } : {};
  return el("time", { class: "time", datetime: date.toISOString(), title, data }, shown);
}

const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];

function relative(date, locale) {
  const seconds = Math.round((date.getTime() - Date.now()) / 1000);
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) || ["second", 1];
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return format.format(Math.trunc(seconds / length), unit);
}

/** Renews all relative times on the page. */
export function renewTimes() {
  for (const element of document.querySelectorAll("time[data-relative]")) {
    const date = new Date(Number(element.dataset.relative) * 1000);
    element.textContent = relative(date, element.dataset.locale);
  }
}
