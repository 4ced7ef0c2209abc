//! What ships is written down in migrations/shipped.txt, whatever is not so is found, and `migrate` puts it
//! right.

use std::path::Path;

use countersign::store::shipped;
use countersign_playground::postgres::APPLICATION;

use crate::desk::Desk;

/// Set by `make prepare`: the file is written instead of compared.
const WRITE: &str = "COUNTERSIGN_WRITE_SHIPPED";

#[tokio::test]
async fn what_ships_is_written_down() {
    let desk = Desk::new("shipped").await;
    let mut connection = desk.workflow.pool.acquire().await.unwrap();
    let lines = shipped::listing(&mut connection, APPLICATION).await.unwrap();
    let text = lines.join("\n") + "\n";
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/shipped.txt");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(file, text).unwrap();
        return;
    }
    assert!(
        text == std::fs::read_to_string(file).unwrap(),
        "run `make prepare`, and read the difference"
    );
}
