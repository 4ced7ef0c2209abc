//! `make story`: the program plays the main job by itself, and shows everything that people get to read.

use std::process::Command;

#[test]
fn the_story_is_told_to_its_end() {
    let told = Command::new(env!("CARGO_BIN_EXE_playground"))
        .arg("story")
        // The bot beside it was built already; started by cargo it would build another.
        .env_remove("CARGO")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&told.stdout);
    assert!(told.status.success(), "{text}\n{}", String::from_utf8_lossy(&told.stderr));
    assert!(text.contains("was created and collected"), "{text}");
}
