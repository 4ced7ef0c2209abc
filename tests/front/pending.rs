//! `/token pending`: what it lists can be pressed there.

use super::Team;

#[tokio::test]
async fn what_waits_is_decided_where_it_is_listed() {
    let team = Team::start("pending buttons").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.setup.settle().await.unwrap();

    // A line says too little to approve: *Details* says all, and has the button.
    let waits = team.aki.type_command("/token pending").await.unwrap().private().unwrap();
    assert_eq!(waits.buttons(), ["Details", "Deny"], "{waits}");
    let details = team.aki.click(&waits, "Details").await.unwrap().private().unwrap();
    assert_eq!(details.buttons(), ["Approve", "Deny"], "{details}");
    let read = team.ben.click(&card, "Details").await.unwrap().private().unwrap();
    assert!(read.offers("Approve"), "{read}");
    team.setup.settle().await.unwrap();
    let told = team.aki.click(&details, "Approve").await.unwrap().message().unwrap();
    assert!(told.contains("You approved #1 (1 of 2)"), "{told}");

    // Whoever has approved is offered no approval.
    let card = team.card("1 of 2 approvals").await;
    let details = team.aki.click(&card, "Details").await.unwrap().private().unwrap();
    assert!(details.buttons().is_empty(), "{details}");
    let waits = team.aki.type_command("/token pending").await.unwrap().private().unwrap();
    assert!(waits.contains("Nothing is waiting"), "{waits}");
    // Whoever has read all of it can approve from the list.
    let waits = team.ben.type_command("/token pending").await.unwrap().private().unwrap();
    assert_eq!(waits.buttons(), ["Details", "Approve"], "{waits}");

    // What one requested oneself.
    let mine = team.rin.type_command("/token pending").await.unwrap().private().unwrap();
    assert_eq!(mine.buttons(), ["Edit", "Withdraw"], "{mine}");
    let told = team.rin.click(&mine, "Withdraw").await.unwrap().message().unwrap();
    assert!(told.contains("#1 is withdrawn"), "{told}");
    team.last_card("was withdrawn").await;
    let mine = team.rin.type_command("/token pending").await.unwrap().private().unwrap();
    assert!(mine.contains("Nothing is waiting") && mine.buttons().is_empty(), "{mine}");
    team.finish().await;
}
