//! The services' answers, according to their public descriptions; each file in config/providers names its own.

use serde_json::{Value, json};

use super::{Answered, Asked, Item};

/// A service.
pub(super) struct Service {
    /// Its ready configuration.
    pub(super) file: &'static str,
    /// The address in it.
    pub(super) address: &'static str,
    /// What it does.
    pub(super) answers: fn(&mut Vec<Item>, &Asked) -> Answered,
}

pub(super) const SERVICES: [Service; 9] = [
    Service { file: "gitlab-project.toml", address: "https://gitlab.example.com", answers: gitlab },
    Service { file: "gitea.toml", address: "https://gitea.example.com", answers: gitea },
    Service { file: "grafana.toml", address: "https://grafana.example.com", answers: grafana },
    Service { file: "harbor.toml", address: "https://harbor.example.com", answers: harbor },
    Service { file: "keycloak.toml", address: "https://keycloak.example.com", answers: keycloak },
    Service {
        file: "sonarqube.toml",
        address: "https://sonarqube.example.com",
        answers: sonarqube,
    },
    Service { file: "cloudflare.toml", address: "https://api.cloudflare.com", answers: cloudflare },
    Service {
        file: "digitalocean-spaces.toml",
        address: "https://api.digitalocean.com",
        answers: spaces,
    },
    Service { file: "unkey.toml", address: "https://api.unkey.com", answers: unkey },
];

/// A new one of this name.
fn mint(items: &mut Vec<Item>, name: &Value) -> Item {
    let number = items.len() + 1;
    let item = Item {
        id: number.to_string(),
        name: name.as_str().unwrap_or_default().to_owned(),
        secret: format!("secret-{number}-of-the-service"),
        is_on: true,
    };
    items.push(item.clone());
    item
}

fn number(item: &Item) -> Value {
    item.id.parse::<u64>().unwrap_or_default().into()
}

/// The rest of a path below this one, in parts.
fn below<'a>(asked: &'a Asked, path: &str) -> Vec<&'a str> {
    let rest = asked.path.strip_prefix(path).unwrap_or_else(|| panic!("{}", asked.path));
    rest.split('/').filter(|part| !part.is_empty()).collect()
}

/// Where the token with this id is.
fn at(items: &[Item], id: &str) -> Option<usize> {
    items.iter().position(|item| item.id == id)
}

fn list(items: &[Item], shown: impl Fn(&Item) -> Value) -> Value {
    items.iter().map(shown).collect::<Vec<_>>().into()
}

/// One page has all.
fn page(items: Value, asked: &Asked) -> Value {
    let is_first = asked.query.get("page").is_none_or(|page| page == "1");
    if is_first { items } else { json!([]) }
}

fn unknown(body: Value) -> Answered {
    Answered::with(404, body)
}

fn gitlab(items: &mut Vec<Item>, asked: &Asked) -> Answered {
    let shown =
        |item: &Item| json!({ "id": number(item), "name": item.name, "active": item.is_on });
    let with_token = |item: &Item| {
        let mut shown = shown(item);
        shown["token"] = item.secret.clone().into();
        shown
    };
    let parts = below(asked, "/api/v4/projects/1234/access_tokens");
    match (asked.method.as_str(), parts.as_slice()) {
        ("POST", []) => {
            assert!(asked.body["scopes"].is_array() && asked.body["expires_at"].is_string());
            Answered::with(201, with_token(&mint(items, &asked.body["name"])))
        }
        ("GET", []) => {
            let found = |item: &&Item| item.name.contains(&asked.query["search"]);
            let found: Vec<Item> = items.iter().filter(found).cloned().collect();
            Answered::with(200, list(&found, shown))
        }
        ("DELETE", [id]) => match at(items, id).filter(|at| items[*at].is_on) {
            Some(at) => {
                items[at].is_on = false;
                Answered::with(204, Value::Null)
            }
            None => unknown(json!({ "message": "404 Could not find token" })),
        },
        ("POST", [id, "rotate"]) => {
            let at = at(items, id).unwrap();
            items[at].is_on = false;
            let name = items[at].name.clone().into();
            Answered::with(200, with_token(&mint(items, &name)))
        }
        other => panic!("{other:?}"),
    }
}

fn gitea(items: &mut Vec<Item>, asked: &Asked) -> Answered {
    let shown = |item: &Item| json!({ "id": number(item), "name": item.name, "sha1": "" });
    let parts = below(asked, "/api/v1/users/automation/tokens");
    match (asked.method.as_str(), parts.as_slice()) {
        ("POST", []) => {
            let made = mint(items, &asked.body["name"]);
            let mut shown = shown(&made);
            shown["sha1"] = made.secret.into();
            Answered::with(201, shown)
        }
        ("GET", []) => Answered::with(200, page(list(items, shown), asked)),
        ("DELETE", [id]) => finish(items, id, unknown(json!({ "message": "not found" })), 204),
        other => panic!("{other:?}"),
    }
}

/// It is gone from the list.
fn finish(items: &mut Vec<Item>, id: &str, unknown: Answered, status: u16) -> Answered {
    match at(items, id) {
        Some(at) => {
            items.remove(at);
            Answered::with(status, Value::Null)
        }
        None => unknown,
    }
}

fn grafana(items: &mut Vec<Item>, asked: &Asked) -> Answered {
    let shown =
        |item: &Item| json!({ "id": number(item), "name": item.name, "isDisabled": !item.is_on });
    let parts = below(asked, "/api/serviceaccounts");
    match (asked.method.as_str(), parts.as_slice()) {
        ("POST", []) => {
            let made = mint(items, &asked.body["name"]);
            Answered::with(201, shown(&made))
        }
        ("POST", [id, "tokens"]) => {
            assert!(asked.body["secondsToLive"].is_u64());
            let secret = &items[at(items, id).unwrap()].secret;
            Answered::with(200, json!({ "id": 70, "name": asked.body["name"], "key": secret }))
        }
        ("GET", ["search"]) => {
            let accounts = page(list(items, shown), asked);
            Answered::with(200, json!({ "totalCount": items.len(), "serviceAccounts": accounts }))
        }
        ("PATCH", [id]) => {
            let at = at(items, id).unwrap();
            if let Some(is_off) = asked.body["isDisabled"].as_bool() {
                items[at].is_on = !is_off;
            }
            Answered::with(200, shown(&items[at]))
        }
        ("DELETE", [id]) => {
            let gone = finish(items, id, unknown(json!({ "message": "not found" })), 200);
            Answered { body: json!({ "message": "Service account deleted" }), ..gone }
        }
        other => panic!("{other:?}"),
    }
}

fn harbor(items: &mut Vec<Item>, asked: &Asked) -> Answered {
    let shown = |item: &Item| {
        let name = format!("robot$library+{}", item.name);
        json!({ "id": number(item), "name": name, "disable": !item.is_on, "expires_at": -1 })
    };
    let parts = below(asked, "/api/v2.0/robots");
    match (asked.method.as_str(), parts.as_slice()) {
        ("POST", []) => {
            assert_eq!(asked.body["duration"], 1);
            let made = mint(items, &asked.body["name"]);
            let mut shown = shown(&made);
            shown["secret"] = made.secret.into();
            shown["expires_at"] = (chrono::Utc::now().timestamp() + 86_400).into();
            Answered::with(201, shown)
        }
        ("GET", []) => Answered::with(200, page(list(items, shown), asked)),
        ("PATCH", [id]) => {
            let at = at(items, id).unwrap();
            items[at].secret = format!("another-{}", items[at].secret);
            Answered::with(200, json!({ "secret": items[at].secret }))
        }
        ("DELETE", [id]) => {
            let no = json!({ "errors": [{ "code": "NOT_FOUND", "message": "not found" }] });
            finish(items, id, unknown(no), 200)
        }
        other => panic!("{other:?}"),
    }
}

fn keycloak(items: &mut Vec<Item>, asked: &Asked) -> Answered {
    if asked.path == "/realms/main/protocol/openid-connect/token" {
        assert_eq!(asked.body["grant_type"], "client_credentials");
        let token = "login-for-s3cret-of-ours";
        return Answered::with(200, json!({ "access_token": token, "expires_in": 60 }));
    }
    let shown =
        |item: &Item| json!({ "id": item.id, "clientId": item.name, "enabled": item.is_on });
    let parts = below(asked, "/admin/realms/main/clients");
    let missing = || unknown(json!({ "error": "Could not find client" }));
    match (asked.method.as_str(), parts.as_slice()) {
        ("POST", []) => {
            let made = mint(items, &asked.body["clientId"]);
            let last = items.len() - 1;
            items[last].secret = asked.body["secret"].as_str().unwrap().to_owned();
            let location = format!("http://keycloak/admin/realms/main/clients/{}", made.id);
            Answered { location: Some(location), ..Answered::with(201, Value::Null) }
        }
        ("GET", []) => {
            let found = |item: &&Item| item.name == asked.query["clientId"];
            let found: Vec<Item> = items.iter().filter(found).cloned().collect();
            Answered::with(200, list(&found, shown))
        }
        ("GET", [id]) => match at(items, id) {
            Some(at) => Answered::with(200, shown(&items[at])),
            None => missing(),
        },
        ("PUT", [id]) => {
            let at = at(items, id).unwrap();
            items[at].is_on = asked.body["enabled"].as_bool().unwrap();
            Answered::with(204, Value::Null)
        }
        ("POST", [id, "client-secret"]) => {
            let at = at(items, id).unwrap();
            items[at].secret = "another-secret".to_owned();
            Answered::with(200, json!({ "type": "secret", "value": items[at].secret }))
        }
        ("DELETE", [id]) => finish(items, id, missing(), 204),
        other => panic!("{other:?}"),
    }
}

fn sonarqube(items: &mut Vec<Item>, asked: &Asked) -> Answered {
    match asked.path.as_str() {
        "/api/user_tokens/generate" => {
            assert!(asked.body["expirationDate"].is_string());
            let made = mint(items, &asked.body["name"]);
            let ends = format!("{}T00:00:00+0000", asked.body["expirationDate"].as_str().unwrap());
            let made = json!({ "login": "us", "name": made.name, "token": made.secret,
                "createdAt": "2026-01-10T14:06:05+0100", "expirationDate": ends });
            Answered::with(200, made)
        }
        "/api/user_tokens/search" => {
            let tokens = list(items, |item| json!({ "name": item.name, "isExpired": false }));
            Answered::with(200, json!({ "login": "us", "userTokens": tokens }))
        }
        "/api/user_tokens/revoke" => {
            items.retain(|item| asked.body["name"] != item.name);
            Answered::with(204, Value::Null)
        }
        other => panic!("{other}"),
    }
}

fn cloudflare(items: &mut Vec<Item>, asked: &Asked) -> Answered {
    let shown = |item: &Item| json!({ "id": item.id, "name": item.name, "status": "active" });
    let done = |result: Value| {
        Answered::with(200, json!({ "success": true, "errors": [], "result": result }))
    };
    let path = "/client/v4/accounts/0123456789abcdef0123456789abcdef/tokens";
    match (asked.method.as_str(), below(asked, path).as_slice()) {
        ("POST", []) => {
            assert!(asked.body["policies"][0]["permission_groups"][0]["id"].is_string());
            let made = mint(items, &asked.body["name"]);
            let mut shown = shown(&made);
            shown["value"] = made.secret.into();
            shown["expires_on"] = asked.body["expires_on"].clone();
            done(shown)
        }
        ("GET", []) => done(page(list(items, shown), asked)),
        ("PUT", [id]) => {
            assert_eq!(asked.body["policies"][0]["permission_groups"].as_array().unwrap().len(), 2);
            done(shown(&items[at(items, id).unwrap()]))
        }
        ("PUT", [id, "value"]) => {
            let at = at(items, id).unwrap();
            items[at].secret = format!("another-{}", items[at].secret);
            done(items[at].secret.clone().into())
        }
        ("DELETE", [id]) => {
            let at = at(items, id).unwrap();
            done(json!({ "id": items.remove(at).id }))
        }
        other => panic!("{other:?}"),
    }
}

fn spaces(items: &mut Vec<Item>, asked: &Asked) -> Answered {
    let shown = |item: &Item| json!({ "access_key": item.id, "name": item.name });
    match (asked.method.as_str(), below(asked, "/v2/spaces/keys").as_slice()) {
        ("POST", []) => {
            let made = mint(items, &asked.body["name"]);
            let mut shown = shown(&made);
            shown["secret_key"] = made.secret.into();
            Answered::with(201, json!({ "key": shown }))
        }
        ("GET", []) => Answered::with(200, json!({ "keys": list(items, shown), "links": {} })),
        ("DELETE", [id]) => finish(items, id, unknown(json!({ "message": "not found" })), 204),
        other => panic!("{other:?}"),
    }
}

fn unkey(items: &mut Vec<Item>, asked: &Asked) -> Answered {
    let shown = |item: &Item| {
        let identity = json!({ "id": "i", "externalId": item.name });
        json!({ "keyId": item.id, "enabled": item.is_on, "identity": identity })
    };
    let done = |data: Value| Answered::with(200, json!({ "meta": {}, "data": data }));
    let no = json!({ "meta": {}, "error": { "detail": "The specified key was not found." } });
    let found = asked.body["keyId"].as_str().and_then(|id| at(items, id));
    match (asked.path.as_str(), found) {
        ("/v2/keys.createKey", _) => {
            let made = mint(items, &asked.body["externalId"]);
            done(json!({ "keyId": made.id, "key": made.secret }))
        }
        ("/v2/apis.listKeys", _) => {
            let found = |item: &&Item| asked.body["externalId"] == item.name;
            let found: Vec<Item> = items.iter().filter(found).cloned().collect();
            done(list(&found, shown))
        }
        (_, None) => unknown(no),
        ("/v2/keys.getKey", Some(at)) => done(shown(&items[at])),
        ("/v2/keys.deleteKey", Some(at)) => {
            items.remove(at);
            done(json!({}))
        }
        ("/v2/keys.rerollKey", Some(at)) => {
            assert_eq!(asked.body["expiration"], 0);
            items[at].is_on = false;
            let name = items[at].name.clone().into();
            let made = mint(items, &name);
            done(json!({ "keyId": made.id, "key": made.secret }))
        }
        ("/v2/keys.updateKey", Some(at)) => {
            items[at].is_on = asked.body["enabled"].as_bool().unwrap();
            done(json!({}))
        }
        other => panic!("{other:?}"),
    }
}
