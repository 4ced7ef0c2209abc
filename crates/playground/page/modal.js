// Modals: forms that a bot opens over the client.

import { el } from "/dom.js";
import { defaults, select } from "/components.js";
import { group, isGroup } from "/groups.js";
import { markdown } from "/markdown.js";

const TEXT_INPUT = 4;
const TEXT_DISPLAY = 10;
const LABEL = 18;
const CHECKBOX = 23;
const PARAGRAPH = 2;

/**
 * A modal. `submit` takes the entries and rejects where something is wrong, with `fields` where it
 * is known which; `close` takes the modal away.
 */
export function modalElement(modal, context, submit, close) {
  const fields = new Map();
  const parts = modal.components.map((part) => partElement(part, fields, context));
  const trouble = el("div", { class: "trouble", role: "alert" });
  const send = el("button", { class: "button primary", type: "submit" }, "Submit");
  const cancel = el("button", { class: "button plain", type: "button" }, "Cancel");
  const title = el("h2", {}, modal.title);
  const form = el("form", { class: "modal", role: "dialog", "aria-modal": "true", novalidate: true },
    el("div", { class: "modal-head" }, title,
      el("button", { class: "close", type: "button", "aria-label": "Close", on: { click: close } },
        "✕")),
    el("div", { class: "modal-body" }, trouble, parts),
    el("div", { class: "modal-foot" }, cancel, send));
  cancel.addEventListener("click", close);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send.disabled) return;
    const entries = {};
    for (const [id, field] of fields) entries[id] = field.values();
    send.disabled = true;
    send.classList.add("busy");
    complain(null, fields, trouble);
    try {
      await submit(entries);
    } catch (error) {
      complain(error, fields, trouble);
    }
    send.disabled = false;
    send.classList.remove("busy");
  });
  const cover = el("div", { class: "cover" }, form);
  cover.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  return cover;
}

function complain(error, fields, trouble) {
  trouble.textContent = error ? error.message : "";
  for (const [id, field] of fields) field.complain(error?.fields?.[id] || "");
  trouble.parentElement.querySelector(".wrong")?.scrollIntoView({ block: "nearest" });
}

function partElement(part, fields, context) {
  if (part.type === TEXT_DISPLAY) {
    return el("div", { class: "field-box" },
      markdown(part.content, { ...context, locale: context.person.locale }));
  }
  const field = part.type === LABEL ? part.component : part.components[0];
  const label = part.type === LABEL ? part.label : field.label;
  const wrong = el("div", { class: "field-wrong" });
  const complain = (text) => {
    wrong.textContent = text ? ` – ${text}` : "";
    box.classList.toggle("wrong", Boolean(text));
  };
  // An error stays until the field is changed.
  const touched = () => complain("");
  numbered += 1;
  const id = `field-${numbered}`;
  const made = fieldOf(field, id, context.names, touched);
  const star = field.required !== false && field.type !== CHECKBOX;
  const name = el(made.input ? "div" : "label", { class: "field-label", id: `${id}-name`, for: made.id },
    label, star && el("span", { class: "star", title: "Required" }, " *"), wrong);
  const box = el("div", { class: "field-box" },
    name,
    part.description && el("div", { class: "field-description" }, part.description),
    made.element);
  fields.set(field.custom_id, { values: made.values, complain });
  return box;
}

let numbered = 0;

function fieldOf(field, id, names, touched) {
  if (field.type === TEXT_INPUT) return textField(field, id, touched);
  if (isGroup(field)) return group(field, `${id}-name`, touched);
  return selectField(field, id, names, touched);
}

function textField(field, id, touched) {
  const paragraph = field.style === PARAGRAPH;
  const input = el(paragraph ? "textarea" : "input", {
    id, placeholder: field.placeholder, autocomplete: "off", spellcheck: "false",
    rows: paragraph ? "4" : null, type: paragraph ? null : "text",
  });
  input.value = field.value || "";
  const most = field.max_length ?? 4000;
  const counter = el("span", { class: "counter", "aria-hidden": "true" });
  const count = () => {
    const left = most - [...input.value].length;
    counter.textContent = String(left);
    counter.classList.toggle("over", left < 0);
    counter.hidden = field.max_length === undefined && left > 200;
  };
  input.addEventListener("input", () => { count(); touched(); });
  count();
  return {
    id,
    element: el("div", { class: "text-box" }, input, counter),
    values: () => (input.value === "" ? [] : [input.value]),
  };
}

function selectField(field, id, names, touched) {
  let chosen = defaults(field);
  const element = select(field, names, null, (values) => {
    chosen = values;
    touched();
  });
  // Screen readers read the field's name first, then the choice.
  const face = element.querySelector(".select-face");
  face.id = id;
  face.setAttribute("aria-labelledby", `${id}-name ${id}`);
  return { id, element, values: () => chosen };
}
