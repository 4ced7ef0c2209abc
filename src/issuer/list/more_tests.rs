use super::*;

fn item(id: &str, is_marked: bool, works: bool) -> Listed {
    Listed { id: id.to_owned(), name: Some(id.to_owned()), is_marked, works }
}

fn sight(items: Vec<Listed>, ids_are_unique: bool) -> Sight {
    Listing { items, is_whole: true }.sight("1", ids_are_unique)
}

#[test]
fn one_of_several_that_works_says_that_it_does() {
    let twice = vec![item("1", true, false), item("1", true, true)];
    assert_eq!(sight(twice.clone(), false), Sight::Alive);
    assert_eq!(sight(twice, true), Sight::Alive);
    let renamed = vec![item("1", true, false), item("1", false, true)];
    assert_eq!(sight(renamed, false), Sight::OtherName("1".to_owned()));
    let moved = vec![item("1", true, false), item("2", true, true)];
    assert_eq!(sight(moved.clone(), false), Sight::OtherId);
    assert_eq!(sight(moved, true), Sight::OtherId);
    // What it was before a new secret gave it a new id is still listed.
    let rotated = vec![item("1", true, true), item("2", true, false)];
    assert_eq!(sight(rotated, false), Sight::Alive);
    assert_eq!(sight(vec![item("2", true, false)], true), Sight::Absent);
    assert_eq!(sight(vec![item("2", true, false)], false), Sight::OtherId);
}

#[test]
fn two_readings_are_the_same_in_whatever_order() {
    let of = |ids: &[&str]| Listing {
        items: ids.iter().map(|id| item(id, false, true)).collect(),
        is_whole: true,
    };
    assert!(of(&["1", "2", "2"]).is_same(&of(&["2", "1"])));
    assert!(!of(&["1", "2"]).is_same(&of(&["2", "3"])));
}
