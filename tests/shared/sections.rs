//! A configuration for tests that only read it: no service in it exists.

/// All sections but the providers.
pub const SECTIONS: &str = r#"
[discord]
token = "token"
application_id = "1"
guild_id = "2"
[database]
url = "postgres://nobody@localhost/none"
[keys]
file = "keys"
[mail]
url = "file:///none"
from = "tokens@example.com"
"#;
