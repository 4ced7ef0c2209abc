// Buttons and selects, in messages and modals.

import { avatar, el } from "/dom.js";

const BUTTON = 2;
const STRING_SELECT = 3;
const USER_SELECT = 5;
const LINK = 5;
const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "secondary" };

/** A row of a message. */
export function row(message, { components }, context) {
  return el("div", { class: "row" }, components.map((component) => (component.type === BUTTON
    ? button(message, component, context)
    : messageSelect(message, component, context))));
}

/** A button of a message, in a row or beside a text. */
export function button(message, component, { use }) {
  const emoji = component.emoji?.name;
  const says = [emoji && el("span", { class: "emoji" }, emoji), component.label];
  const style = `button ${STYLES[component.style] || "secondary"}`;
  if (component.style === LINK) {
    if (component.disabled) return el("span", { class: `${style} disabled` }, says, " ↗");
    const link = { class: style, href: component.url, target: "_blank", rel: "noopener noreferrer" };
    return el("a", /^https?:/.test(component.url) ? link : { class: style }, says, " ↗");
  }
  const element = el("button", { class: style, type: "button", disabled: component.disabled }, says);
  element.addEventListener("click", async () => {
    element.classList.add("busy");
    element.disabled = true;
    await use(message, component.custom_id, null);
    element.classList.remove("busy");
    element.disabled = false;
  });
  return element;
}

function messageSelect(message, component, context) {
  const holder = el("div", { class: "select-holder" });
  const draw = (values) => {
    const chosen = async (values) => {
      holder.classList.add("busy");
      const taken = await context.use(message, component.custom_id, values);
      holder.classList.remove("busy");
      if (!taken) draw(null);
    };
    holder.replaceChildren(select(component, context.names, values, chosen));
  };
  draw(null);
  return holder;
}

/** The options of a select, of whatever kind. */
function optionsOf(component, names) {
  if (component.type === STRING_SELECT) return component.options;
  if (component.type !== USER_SELECT) return [];
  return names.users.map((user) => ({
    value: user.id, label: user.display_name, description: `@${user.name}`, user,
  }));
}

/** The values that are chosen at first. */
export function defaults(component) {
  if (component.type === STRING_SELECT) {
    return component.options.filter((option) => option.default).map((option) => option.value);
  }
  return (component.default_values || []).map((value) => value.id);
}

/**
 * A select. `decided` is called with all values when a choice is complete: for a single one at
 * once, for several when the list closes.
 */
export function select(component, names, values, decided) {
  return new Select(component, names, values || defaults(component), decided).box;
}

class Select {
  constructor(component, names, values, decided) {
    this.options = optionsOf(component, names);
    this.before = values;
    this.chosen = [...values];
    this.min = component.required === false ? 0 : component.min_values ?? 1;
    this.max = component.max_values ?? 1;
    this.several = this.max > 1;
    this.placeholder = component.placeholder || "Make a selection";
    this.decided = decided;
    this.list = null;
    this.face = el("button", {
      class: "select-face", type: "button", disabled: component.disabled,
      "aria-haspopup": "listbox", "aria-expanded": "false",
      on: { click: () => (this.list ? this.close(true) : this.open()) },
    });
    const keydown = (event) => this.key(event);
    this.box = el("div", { class: "select", on: { keydown } }, this.face);
    this.outside = (event) => { if (!this.box.contains(event.target)) this.close(true); };
    this.show();
  }

  /** What is chosen, on the closed select. */
  show() {
    const labels = this.chosen.map((value) => {
      const option = this.options.find((option) => option.value === value);
      return el("span", { class: this.several ? "chip" : "picked" }, option?.label || "somebody");
    });
    this.face.replaceChildren(
      el("span", { class: "picks" }, labels.length ? labels
        : el("span", { class: "placeholder" }, this.placeholder)),
      el("span", { class: "arrow", "aria-hidden": "true" }, "▾"));
  }

  open() {
    const several = String(this.several);
    const items = this.options.map((option) =>
      optionItem(option, this.several, (value) => this.pick(value)));
    this.done = this.several && el("button", {
      class: "done", type: "button", on: { click: () => this.close(true) },
    });
    this.list = el("div", { class: "options" },
      el("div", { class: "option-list", role: "listbox", "aria-multiselectable": several }, items),
      this.done);
    this.box.append(this.list);
    this.face.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", this.outside, true);
    this.mark();
  }

  /** Closes the list; without `decide`, or with too few chosen, all is as before. */
  close(decide) {
    this.list?.remove();
    this.list = null;
    this.face.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", this.outside, true);
    if (!decide || this.chosen.length < this.min) this.chosen = [...this.before];
    this.show();
    const same = this.chosen.length === this.before.length
      && this.chosen.every((value) => this.before.includes(value));
    if (same) return;
    this.before = [...this.chosen];
    this.decided([...this.chosen]);
  }

  pick(value) {
    const had = this.chosen.includes(value);
    if (!this.several) {
      this.chosen = had && this.min === 0 ? [] : [value];
      this.close(true);
      return;
    }
    if (had) this.chosen = this.chosen.filter((other) => other !== value);
    else if (this.chosen.length < this.max) this.chosen.push(value);
    this.show();
    this.mark();
  }

  /** What is chosen, in the open list. */
  mark() {
    for (const item of this.list.querySelectorAll("[role=option]")) {
      const selected = this.chosen.includes(item.dataset.value);
      item.setAttribute("aria-selected", String(selected));
      item.disabled = this.several && !selected && this.chosen.length >= this.max;
    }
    if (this.done) {
      this.done.textContent = `Done · ${this.chosen.length} of ${this.options.length} chosen`;
      this.done.disabled = this.chosen.length < this.min;
    }
    this.list.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (!this.list) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close(false);
      this.face.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...this.list.querySelectorAll("button:not(:disabled)")];
    const next = items.indexOf(document.activeElement) + step;
    items[Math.max(0, Math.min(items.length - 1, next))]?.focus();
  }
}

function optionItem(option, several, pick) {
  const item = el("button", {
    class: several ? "option several" : "option", type: "button", role: "option",
    data: { value: option.value },
  },
  option.user && avatar(option.user, true),
  option.emoji?.name && el("span", { class: "emoji" }, option.emoji.name),
  el("span", { class: "option-text" },
    el("span", { class: "option-label" }, option.label),
    option.description && el("span", { class: "option-description" }, option.description)));
  item.addEventListener("click", () => pick(option.value));
  return item;
}
