//! That nothing is ever missing is a property among the card's tests.

use insta::assert_snapshot;

use super::*;
use crate::discord::views::card::testing::{
    check, longest, outline, print_text, provider, request_for, settings, shortest,
};

#[test]
fn the_shortest() {
    let request = shortest(provider("orchard"));
    let all = render_all(&request, Some(provider("orchard")), Language::EnglishUs);
    assert_eq!(all.len(), 1);
    check(&all[0]);
    assert_snapshot!(print_text(&all[0]), @"
    ### #7 Reports: all details
    **Digest:** `a5fba99a116a`
    **Requested by:** <@100>
    **API:** Orchard API, version 2
    **Primary contact:** <@200>
    **Expires:** 90 days after it is collected
    **Approvals required:** 2
    **Request expires:** <t:1800259200:f> (<t:1800259200:R>)
    **Description:**
    > Weekly numbers
    **Developer emails:** none

    **1 scope** (🔴 Sensitive · ✏️ Not GET)
    **Trees**
    `GET /Orchards/{AccountSID}/Trees` · `trees:listTrees`
    (ephemeral)
    ");
}

/// An end that was due is none of a request that is over.
#[test]
fn only_what_waits_for_approvals_expires() {
    let provider = provider("orchard");
    for state in [RequestState::Pending, RequestState::Done, RequestState::Denied] {
        let request = Request { state, ..shortest(provider) };
        let all = render_all(&request, Some(provider), Language::EnglishUs);
        let expires = print_text(&all[0]).contains("**Request expires:**");
        assert_eq!(expires, state == RequestState::Pending, "{state:?}");
    }
}

#[test]
fn what_is_approved_is_there() {
    let settings = settings("Reports", "Two\n\nparagraphs", &["a_b@example.com".to_owned()]);
    let mut request = request_for(provider("mikan"), settings, |at, _| [1, 3].contains(&at));
    request.content.scopes[1].value = "trees`write".into();
    request.content.scopes[1].approvals = Some(3);
    let all = render_all(&request, Some(provider("mikan")), Language::Japanese);
    check(&all[0]);
    assert_snapshot!(print_text(&all[0]), @r"
    ### #7 Reports：すべての内容
    **ダイジェスト：**`f4f21002a112`
    **申請者：**<@100>
    **API：**みかん API、バージョン2
    **主な連絡先：**<@200>
    **有効期限：**受け取りから90日間
    **必要な承認の人数：**2
    **申請の期限：**<t:1800259200:f>（<t:1800259200:R>）
    **説明：**
    > Two
    > 
    > paragraphs
    **開発者のメールアドレス：**
    a\_b\@example.com

    **スコープ2件**（🔴 要注意 · ✏️ GET以外）
    **Trees**
    `GET /Orchards/{AccountSID}/Trees/{TreeId}` · `trees:getTree`
    🔴 `DELETE /Orchards/{AccountSID}/Trees/{TreeId}` · `trees:fellTree` · 送信値：`treesˋwrite` · 3人の承認が必要
    (ephemeral)
    ");
}

#[test]
fn the_longest() {
    let request = longest(provider("brand"));
    for language in Language::ALL {
        let all = render_all(&request, Some(provider("brand")), language);
        all.iter().for_each(check);
        assert!(all.len() <= 5, "{}", all.len());
        // A part that is longer would not be packed, but stand alone.
        assert!(all.iter().all(|one| !one.clone().fit()));
    }
    let all = render_all(&request, Some(provider("brand")), Language::EnglishUs);
    let outlines: Vec<String> = all.iter().map(outline).collect();
    assert_snapshot!(outlines.join("\n==\n"), @r"
    ### #7 \*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽‍🚀\`\|\~\[\(\<\*\_👩🏽: all details
    **Digest:** `68166f4fd8e3`
    **Requested by:** <@100>
    **API:** impact.com \(brand\), version 14
    **Primary contact:** <@200>
    **Expires:** 90 days after it is created
    **Approvals required:** 2
    **Request expires:** <t:1800259200:f> (<t:1800259200:R>)
    **Description:**
    > \*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*… 2002 characters
    **Developer emails:**
    \_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_… 318 characters
    \_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_… 318 characters
    \_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_… 318 characters
    \_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_… 318 characters
    -# #7 · 1 of 5
    (ephemeral)
    ==
    \_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_… 318 characters
    \_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_… 318 characters
    \_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_… 318 characters
    \_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_… 318 characters
    \_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_… 318 characters
    \_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_\_… 318 characters

    **117 scopes** (🔴 Sensitive · ✏️ Not GET)
    **Account Information**
    `GET /Advertisers/{AccountSID}/CompanyInformation` · `account:getCompanyInformation`
    🔴 `PUT /Advertisers/{AccountSID}/CompanyInformation` · `account:updateCompanyInformation`
    🔴 `GET /Advertisers/{AccountSID}/LegalEntities` · `account:listLegalEntities`
    …
    🔴 `GET /calldata/logCallData` · `calldata:logCallDataGet`
    🔴 `POST /calldata/logCallData` · `calldata:logCallDataPost`
    -# #7 · 2 of 5
    (ephemeral)
    ==
    **Product Catalogs**
    `GET /Advertisers/{AccountSID}/Catalogs` · `catalogs:listCatalogs`
    `GET /Advertisers/{AccountSID}/Catalogs/{CatalogId}` · `catalogs:getCatalogById`
    ✏️ `PUT /Advertisers/{AccountSID}/Catalogs/{CatalogId}` · `catalogs:updateCatalogPullSettings`
    …
    🔴 `DELETE /Advertisers/{AccountSID}/ExceptionLists/{ExceptionListId}/Items` · `exceptionlists:deleteAllExceptionListItems`
    `GET /Advertisers/{AccountSID}/ExceptionLists/{ExceptionListId}/Items/{ItemId}` · `exceptionlists:getExceptionListItemById`
    -# #7 · 3 of 5
    (ephemeral)
    ==
    🔴 `DELETE /Advertisers/{AccountSID}/ExceptionLists/{ExceptionListId}/Items/{ItemId}` · `exceptionlists:deleteExceptionListItem`
    **Invoices**
    🔴 `GET /Advertisers/{AccountSID}/Invoices` · `invoices:listInvoices`
    🔴 `GET /Advertisers/{AccountSID}/Invoices/{InvoiceId}` · `invoices:getInvoiceById`
    …
    🔴 `DELETE /Advertisers/{AccountSID}/PromoCodeExceptionLists/{ListId}/Items` · `promocodeexceptionlists:deleteAllPromoCodeExceptionListItems`
    `GET /Advertisers/{AccountSID}/PromoCodeExceptionLists/{ListId}/Items/{ItemId}` · `promocodeexceptionlists:getPromoCodeExceptionListItemById`
    -# #7 · 4 of 5
    (ephemeral)
    ==
    🔴 `DELETE /Advertisers/{AccountSID}/PromoCodeExceptionLists/{ListId}/Items/{ItemId}` · `promocodeexceptionlists:deletePromoCodeExceptionListItem`
    **Promo Codes**
    `GET /Advertisers/{AccountSID}/PromoCodes` · `promocodes:listPromoCodes`
    ✏️ `POST /Advertisers/{AccountSID}/PromoCodes` · `promocodes:createPromoCode`
    …
    ✏️ `PUT /Advertisers/{AccountSID}/TrackingValueRequests/{RequestId}` · `trackingvaluerequests:approveTrackingValueRequest`
    🔴 `DELETE /Advertisers/{AccountSID}/TrackingValueRequests/{RequestId}` · `trackingvaluerequests:rejectTrackingValueRequest`
    -# #7 · 5 of 5
    (ephemeral)
    ");
}
