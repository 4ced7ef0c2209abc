//! Components as a tree: one walk over those of messages and modals, whatever their layout.

use std::collections::HashSet;

use serde_json::{Value, json};

pub(crate) const ACTION_ROW: u64 = 1;
pub(crate) const BUTTON: u64 = 2;
pub(crate) const STRING_SELECT: u64 = 3;
pub(crate) const TEXT_INPUT: u64 = 4;
pub(crate) const USER_SELECT: u64 = 5;
pub(crate) const SECTION: u64 = 9;
pub(crate) const TEXT_DISPLAY: u64 = 10;
pub(crate) const THUMBNAIL: u64 = 11;
pub(crate) const MEDIA_GALLERY: u64 = 12;
pub(crate) const FILE: u64 = 13;
pub(crate) const SEPARATOR: u64 = 14;
pub(crate) const CONTAINER: u64 = 17;
pub(crate) const LABEL: u64 = 18;
pub(crate) const RADIO_GROUP: u64 = 21;
pub(crate) const CHECKBOX_GROUP: u64 = 22;
pub(crate) const CHECKBOX: u64 = 23;

/// The kind of a component.
pub(crate) fn kind(component: &Value) -> u64 {
    component["type"].as_u64().unwrap_or_default()
}

/// Whether a component is one of the selects.
pub(crate) fn is_select(component: &Value) -> bool {
    matches!(kind(component), 3 | 5..=8)
}

/// How few and how many may be chosen in a select or a group.
pub(crate) fn bounds(component: &Value) -> (usize, usize) {
    let number = |key: &str, default: usize| {
        let number = component[key].as_u64().map(usize::try_from);
        number.map_or(default, |number| number.unwrap_or(usize::MAX))
    };
    // All boxes of a group may be ticked, unless it sets a maximum.
    let most = match kind(component) {
        CHECKBOX_GROUP => component["options"].as_array().map_or(1, Vec::len),
        _ => 1,
    };
    (number("min_values", 1), number("max_values", most))
}

/// The direct children of a component; a section's texts come before its accessory.
fn inside(component: &Value) -> impl Iterator<Item = &Value> {
    let list = component["components"].as_array().into_iter().flatten();
    let single = [&component["accessory"], &component["component"]];
    list.chain(single.into_iter().filter(|single| single.is_object()))
}

/// All components of a list and everything inside of them, depth first.
pub(crate) fn walk(components: &Value) -> Vec<&Value> {
    fn visit<'a>(component: &'a Value, found: &mut Vec<&'a Value>) {
        found.push(component);
        inside(component).for_each(|component| visit(component, found));
    }
    let mut found = Vec::new();
    for component in components.as_array().into_iter().flatten() {
        visit(component, &mut found);
    }
    found
}

/// The contents of all text displays in a list of components, in order.
pub(crate) fn text_displays(components: &Value) -> Vec<&str> {
    let displays = walk(components).into_iter().filter(|c| kind(c) == TEXT_DISPLAY);
    displays.filter_map(|display| display["content"].as_str()).collect()
}

/// All buttons and selects of a message, in order.
pub(crate) fn controls(message: &Value) -> Vec<&Value> {
    let all = walk(&message["components"]).into_iter();
    all.filter(|c| kind(c) == BUTTON || is_select(c)).collect()
}

/// The button or select with a custom id, if the message holds it.
pub(crate) fn control<'a>(message: &'a Value, custom_id: &str) -> Option<&'a Value> {
    controls(message).into_iter().find(|control| control["custom_id"] == custom_id)
}

/// Gives each component without one an `id`, as the service would: numbers that are free, in the
/// order of the walk. States the defaults of selects, and leaves out what wasn't set.
pub(crate) fn number(components: &mut Value) {
    let given = walk(components).into_iter().filter_map(|component| component["id"].as_u64());
    let mut ids = Numbers { given: given.collect(), next: 1 };
    for component in components.as_array_mut().into_iter().flatten() {
        ids.visit(component);
        strip_nulls(component);
    }
}

/// The numbers that bots gave themselves, and the one to try next.
struct Numbers {
    given: HashSet<u64>,
    next: u64,
}

impl Numbers {
    fn free(&mut self) -> u64 {
        while self.given.contains(&self.next) {
            self.next += 1;
        }
        self.next += 1;
        self.next - 1
    }

    fn visit(&mut self, component: &mut Value) {
        if component["id"].as_u64().unwrap_or_default() == 0 {
            component["id"] = json!(self.free());
        }
        if is_select(component) || kind(component) == CHECKBOX_GROUP {
            let (min, max) = bounds(component);
            component["min_values"] = json!(min);
            component["max_values"] = json!(max);
        }
        let Some(fields) = component.as_object_mut() else { return };
        for inside in
            fields.get_mut("components").and_then(Value::as_array_mut).into_iter().flatten()
        {
            self.visit(inside);
        }
        for key in ["accessory", "component"] {
            if let Some(inside) = fields.get_mut(key).filter(|inside| inside.is_object()) {
                self.visit(inside);
            }
        }
    }
}

/// The service leaves out what wasn't set.
fn strip_nulls(component: &mut Value) {
    if let Some(fields) = component.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
        fields.values_mut().for_each(strip_nulls);
    } else {
        component.as_array_mut().into_iter().flatten().for_each(strip_nulls);
    }
}
