# https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html
# A homeserver that talks to no other, keeps everything in memory, and lets everybody try as often as they like.
import json
import os
import sys

from synapse.app import homeserver

OFTEN = {"per_second": 1000, "burst_count": 1000}
CONFIG = {
    "server_name": "example.com",
    "report_stats": False,
    "listeners": [
        {
            "port": int(os.environ["SYNAPSE_PORT"]),
            "bind_addresses": ["127.0.0.1"],
            "type": "http",
            "resources": [{"names": ["client"]}],
        }
    ],
    "database": {"name": "sqlite3", "args": {"database": ":memory:"}},
    "media_store_path": "media",
    "registration_shared_secret": os.environ["SYNAPSE_SECRET"],
    "macaroon_secret_key": "for these tests",
    "form_secret": "for these tests",
    "signing_key": "ed25519 a_tests AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "trusted_key_servers": [],
    "bcrypt_rounds": 4,
    # Until its tables are as they are to be, it answers 500 to some calls.
    "background_updates": {"sleep_enabled": False},
    "rc_login": {"address": OFTEN, "account": OFTEN, "failed_attempts": OFTEN},
}

# JSON is YAML.
with open("homeserver.yaml", "w") as file:
    json.dump(CONFIG, file)
sys.argv[1:] = ["--config-path", "homeserver.yaml"]
homeserver.main()
