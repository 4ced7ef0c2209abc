// The layout of a message: containers, sections, texts, separators, files and pictures, and the rows of
// controls. A message of the older kind has only rows.

import { el } from "/dom.js";
import { markdown } from "/markdown.js";
import { button, row } from "/components.js";

const ROW = 1;
const BUTTON = 2;
const SECTION = 9;
const TEXT = 10;
const GALLERY = 12;
const FILE = 13;
const SEPARATOR = 14;
const CONTAINER = 17;
const LARGE = 2;

/** All components of a message, in order. */
export function layout(message, components, context) {
  return components.map((component) => drawn(message, component, context));
}

function drawn(message, component, context) {
  switch (component.type) {
    case ROW: return row(message, component, context);
    case TEXT: return text(component, context);
    case SECTION: return section(message, component, context);
    case SEPARATOR: return separator(component);
    case CONTAINER: return container(message, component, context);
    case GALLERY: return el("div", { class: "gallery" }, component.items.map(picture));
    case FILE: return file(message, component, context);
    default: return null;
  }
}

const text = (component, context) => el("div", { class: "text" },
  markdown(component.content, { ...context, locale: context.person.locale }));

/** Texts with one thing beside them, which stands at the right at any width. */
function section(message, { components, accessory }, context) {
  const beside = accessory.type === BUTTON ? button(message, accessory, context) : picture(accessory);
  return el("div", { class: "section" },
    el("div", { class: "section-texts" }, components.map((component) => text(component, context))),
    el("div", { class: "accessory" }, beside));
}

function separator({ divider, spacing }) {
  const classes = ["separator", divider && "divider", spacing === LARGE && "large"];
  const name = classes.filter(Boolean).join(" ");
  return divider ? el("hr", { class: name }) : el("div", { class: name, "aria-hidden": "true" });
}

function container(message, { components, accent_color: colour, spoiler }, context) {
  const element = el("section", { class: "container" }, layout(message, components, context));
  if (colour !== null && colour !== undefined) {
    element.classList.add("accented");
    element.style.setProperty("border-left-color", `#${colour.toString(16).padStart(6, "0")}`);
  }
  return spoiler ? hidden(element) : element;
}

/** What shows only when one asks for it. */
function hidden(element) {
  const show = el("button", { class: "spoiler-cover", type: "button" }, "SPOILER");
  const holder = el("div", { class: "hidden-part" }, element, show);
  element.inert = true;
  show.addEventListener("click", () => {
    element.inert = false;
    show.remove();
    holder.classList.add("shown");
  });
  return holder;
}

/** The page fetches nothing from elsewhere, so a picture is its description. */
const picture = ({ description, media, spoiler }) => el("span",
  { class: "picture", role: "img", "aria-label": description || "picture", title: media.url },
  spoiler ? "🖼 spoiler" : `🖼 ${description || ""}`);

function file(message, { name, size, spoiler }, { person }) {
  const address = ["people", person.name, "files", message, name].map(encodeURIComponent).join("/");
  const link = el("a", { href: `/api/${address}`, download: name }, name);
  const element = el("div", { class: "file" }, el("span", { "aria-hidden": "true" }, "📄 "), link,
    el("span", { class: "muted" }, ` ${size.toLocaleString(person.locale)} bytes`));
  return spoiler ? hidden(element) : element;
}
