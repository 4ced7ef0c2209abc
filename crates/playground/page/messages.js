// Messages as a client shows them: who, what, embeds, components, and who else sees it.

import { avatar, clock, el } from "/dom.js";
import { markdown } from "/markdown.js";
import { layout } from "/layout.js";

/** Messages that stand as they are keep their elements, and with them what is open in them. */
const kept = new Map();

/** The elements of a channel's messages, oldest first. */
export function messageList(messages, context) {
  const listed = messages.map((message) => {
    const key = [message.revision, context.person.name, context.person.locale, context.named];
    const text = JSON.stringify(key);
    const old = kept.get(message.id);
    if (old && old.key === text) return old.node;
    const node = messageElement(message, messages, context);
    kept.set(message.id, { key: text, node });
    return node;
  });
  return listed;
}

function authorOf(body, names) {
  const id = body.author.id;
  const known = names.users.find((user) => user.id === id);
  return known || { id, display_name: body.author.username, bot: body.author.bot };
}

function messageElement(message, messages, context) {
  const { body } = message;
  const { names, person } = context;
  const author = authorOf(body, names);
  const pinged = body.mention_everyone || body.mentions.some((user) => user.id === person.id)
    || body.mention_roles.some((role) => person.roles.includes(role));
  const classes = ["message", message.private && "private", pinged && "pinged"];
  const date = new Date(body.timestamp);
  const head = el("div", { class: "head" },
    el("span", { class: author.bot ? "author bot" : "author" }, author.display_name),
    author.bot && el("span", { class: "tag" }, "✓ APP"),
    el("time", { class: "when", title: date.toLocaleString(person.locale) },
      clock(date, person.locale)));
  const properties = {
    class: classes.filter(Boolean).join(" "), data: { id: message.id },
    "aria-label": pinged ? `${author.display_name}, mentions you` : author.display_name,
  };
  return el("article", properties,
    above(message, messages, context),
    avatar(author),
    el("div", { class: "body" },
      head,
      message.loading ? thinking(author) : content(message, context),
      message.private && privately(message, context)));
}

/** The line above: the command or the message that this one answers. */
function above(message, messages, { names }) {
  const { body } = message;
  if (message.command) {
    const user = names.users.find((user) => user.id === body.interaction_metadata.user.id);
    return el("div", { class: "above" }, avatar(user, true),
      el("span", { class: "who" }, user?.display_name || "somebody"), " used ",
      el("span", { class: "mention" }, `/${message.command}`));
  }
  const reference = body.message_reference?.message_id;
  if (!reference) return null;
  const original = messages.find((other) => other.id === reference);
  if (!original) return el("div", { class: "above" }, "Original message was deleted");
  const author = authorOf(original.body, names);
  const text = original.body.content || original.body.embeds[0]?.title
    || firstText(original.body.components) || "a message";
  const shown = markdown(text.split("\n")[0], { names, inline: true });
  return el("div", { class: "above" }, avatar(author, true),
    el("span", { class: "who" }, author.display_name), " ", shown);
}

/** The first text that stands in components, however deep. */
function firstText(components) {
  for (const { content, components: inside } of components) {
    const found = content || firstText(inside || []);
    if (found) return found;
  }
  return "";
}

function thinking(author) {
  return el("div", { class: "thinking" }, el("span", { class: "dots" }, "● ● ●"),
    ` ${author.display_name} is thinking…`);
}

function content({ id, body }, context) {
  const edited = body.edited_timestamp
    && el("span", { class: "edited", title: new Date(body.edited_timestamp).toLocaleString() },
      " (edited)");
  const parts = [];
  const hidden = body.flags & 4;
  if (body.content) {
    const text = markdown(body.content, { ...context, locale: context.person.locale });
    if (edited) text.append(edited);
    parts.push(text);
  }
  if (!hidden) parts.push(body.embeds.map((embed) => embedElement(embed, context)));
  parts.push(layout(id, body.components, context));
  if (edited && !body.content) parts.push(edited);
  return parts;
}

function privately(message, { dismiss }) {
  const button = el("button", { class: "link", type: "button" }, "Dismiss message");
  button.addEventListener("click", () => dismiss(message.id));
  return el("div", { class: "privately" }, 
    el("img", { src: "/eye.svg", alt: "", class: "eye" }), " Only you can see this · ", button);
}

function embedElement(embed, context) {
  const { names, person: { locale } } = context;
  const text = (content, inline) => markdown(content, { ...context, names, locale, inline });
  const element = el("div", { class: "embed" });
  if (embed.color) {
    const colour = `#${embed.color.toString(16).padStart(6, "0")}`;
    element.style.setProperty("border-left-color", colour);
  }
  const part = (name, node) => { element.append(el("div", { class: name }, node)); };
  if (embed.author) part("embed-author", embed.author.name);
  if (embed.title) {
    const link = embed.url && { href: embed.url, target: "_blank", rel: "noopener noreferrer" };
    part("embed-title", link ? el("a", link, text(embed.title, true)) : text(embed.title, true));
  }
  if (embed.description) part("embed-description", text(embed.description, false));
  if (embed.fields?.length) {
    part("embed-fields", embed.fields.map((field) => el("div",
      { class: field.inline ? "field inline" : "field" },
      el("div", { class: "field-name" }, text(field.name, true)),
      el("div", { class: "field-value" }, text(field.value, false)))));
  }
  const date = embed.timestamp && clock(new Date(embed.timestamp), locale);
  const footer = [embed.footer?.text, date].filter(Boolean).join(" • ");
  if (footer) part("embed-footer", footer);
  return element;
}
